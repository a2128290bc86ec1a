"""How work that takes a while says how far it is."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int, str], object]
"""Called with what is done, how much there is in all, and what it is, in the person's language; the two numbers are
equal at the end."""
