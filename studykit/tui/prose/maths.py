r"""TeX as text: converted to plain signs where that says the same, left as it was written otherwise.

A formula is converted whole or not at all: half-converted TeX reads as something it is not. A fraction keeps
its grouping, `\frac{p-1}{m+p-1}` becomes `(p-1)/(m+p-1)`, in brackets where its neighbours would change its meaning.
"""

from functools import lru_cache

from studykit.tui.prose.symbols import is_wide_terminal


def readable(tex: str) -> str:
    r"""`tex` in plain signs if that says exactly the same, else `tex` itself.

    Where the terminal gives `α` or `²` two cells (see `symbols`), TeX stays TeX.

    >>> readable(r"\frac{p-1}{m+p-1} \leq 10^{-3}")
    '(p-1)/(m+p-1) ≤ 10⁻³'
    >>> readable(r"2\frac{n-1}{n}S + \sqrt{d_{model}}")
    '2((n-1)/n)S + √d_model'
    >>> readable(r"\unknown{x}")
    '\\unknown{x}'
    """
    tex = tex.strip()
    if not any(mark in tex for mark in "\\{}^_&~'") or is_wide_terminal():
        return tex
    return _converted(tex)


@lru_cache(maxsize=1024)
def _converted(tex: str) -> str:
    from studykit.tui.prose.tex_pieces import joined
    from studykit.tui.prose.tex_reader import NotPlainError, pieces_of

    try:
        return joined(pieces_of(tex)).strip()
    except NotPlainError:
        return tex
