"""What each style name of a run looks like: attributes and the theme's colours.

Component classes of the stylesheet would say the same, but each costs every widget a pass through the stylesheet
at every change of focus: with fifty names that was half of all time on the screen. Colours are the theme's
variables, so light, dark and NO_COLOR hold; nothing is said by colour alone.
"""

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color

MUTED = 0.65
"""How much of the text's colour is left in what stands back."""

_LOOKS: dict[str, tuple[str, str, str]] = {  # attributes, colour, background
    "heading": ("bold", "", ""),
    "h1": ("bold", "text-primary", ""),
    "h2": ("bold", "text-primary", ""),
    "h3": ("bold", "text-accent", ""),
    "h4": ("bold", "text-accent", ""),
    "h5": ("bold italic", "", ""),
    "h6": ("bold italic", "", ""),
    "strong": ("bold", "", ""),
    "emphasis": ("italic", "", ""),
    "strike": ("strike", "", ""),
    "highlight": ("bold", "text-warning", "warning-muted"),
    "link": ("underline", "text-primary", ""),
    "image": ("italic", "muted", ""),
    "code": ("", "text-success", "panel"),
    "maths": ("italic", "text-warning", ""),
    "html": ("", "muted", ""),
    "marker": ("bold", "text-primary", ""),
    "task-open": ("bold", "text-warning", ""),
    "task-done": ("bold", "text-success", ""),
    "quote-bar": ("", "text-primary", ""),
    "rule": ("", "foreground-disabled", ""),
    "table-head": ("bold", "", ""),
    "table-rule": ("", "foreground-disabled", ""),
    "dim": ("", "muted", ""),
    "code-block": ("", "", "surface"),
    "code-comment": ("italic", "muted", "surface"),
    "code-keyword": ("bold", "text-accent", "surface"),
    "code-string": ("", "text-success", "surface"),
    "code-number": ("", "text-warning", "surface"),
    "code-name": ("", "text-primary", "surface"),
    "code-builtin": ("", "text-secondary", "surface"),
    "title": ("bold", "text-primary", ""),
    "value": ("bold", "", ""),
    "chosen": ("bold reverse", "", ""),
    "good": ("bold", "text-success", ""),
    "bad": ("bold", "text-error", ""),
    "warning": ("bold", "text-warning", ""),
    "key": ("bold", "text-primary", ""),
    "forward": ("", "text-primary", "primary-muted"),
    "backward": ("bold", "text-success", "success-muted"),
    "weight": ("", "text-warning", "warning-muted"),
    "idle": ("", "foreground-disabled", ""),
    "again": ("", "text-error", "error-muted"),
    "hard": ("", "text-warning", "warning-muted"),
    "fine": ("", "text-success", "success-muted"),
    "easy": ("", "text-primary", "primary-muted"),
    "recommended": ("bold reverse", "", ""),
}
NAMES = frozenset(_LOOKS)


def look(name: str, variables: Mapping[str, str], background: Color) -> Style:
    """The style of one name on a background, from a theme's variables. A name that has no look adds nothing.

    >>> look("code", {"text-success": "#00ff00", "panel": "#101010"}, Color(0, 0, 0)).color.name
    '#00ff00'
    """
    attributes, colour, ground = _LOOKS.get(name, ("", "", ""))
    style = Style.parse(attributes) if attributes else Style.null()
    under = _colour(ground, variables, background) if ground else background
    if ground:
        style += Style(bgcolor=under.rich_color)
    if colour:
        style += Style(color=_colour(colour, variables, under).rich_color)
    return style


def _colour(name: str, variables: Mapping[str, str], under: Color) -> Color:
    """A theme's colour as it looks over `under`."""
    if name == "muted":
        return under.blend(Color.parse(variables["foreground"]), MUTED)
    return under + Color.parse(variables[name])
