r"""TeX as text: converted to plain signs where that is exact, left as it was written otherwise.

A formula is converted whole or not at all: half-converted TeX reads as something it is not. A fraction keeps
its grouping, `\frac{p-1}{m+p-1}` becomes `(p-1)/(m+p-1)`, and stands only where the neighbours cannot
change its meaning.
"""

import re

_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "eta": "η", "theta": "θ",
    "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "omega": "ω",
    "Delta": "Δ", "Gamma": "Γ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Omega": "Ω",
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠",
    "ne": "≠", "approx": "≈", "sim": "∼", "ll": "≪", "gg": "≫", "in": "∈", "notin": "∉", "subset": "⊂", "cup": "∪",
    "cap": "∩", "to": "→", "rightarrow": "→", "Rightarrow": "⇒", "leftarrow": "←", "infty": "∞", "partial": "∂",
    "nabla": "∇",
    "forall": "∀", "exists": "∃", "ldots": "…", "cdots": "⋯", "dots": "…", "odot": "⊙", "oplus": "⊕", "otimes": "⊗",
    "max": "max", "min": "min", "log": "log", "ln": "ln", "exp": "exp", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊",
    "rfloor": "⌋", "quad": "  ", "qquad": "    ", "prime": "′", "propto": "∝",
}  # fmt: skip
_SUPERSCRIPTS = dict(zip("0123456789+-()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-()aeijkmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")
_TEXT = re.compile(r"\\(?:text|mathrm|operatorname|mathbf)\{([^{}\\$]*)\}")
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]*)\}|(\w))")
_SIGN = re.compile(r"\\([A-Za-z]+)(?![A-Za-z])[ ]?")
_ATOM = re.compile(r"[\w.]+")
_LOOSE = "=+-(),[]|<>≤≥≈≠→⇒"


def readable(tex: str) -> str:
    r"""`tex` in plain signs if that says exactly the same, else `tex` itself.

    >>> readable(r"\frac{p-1}{m+p-1} \leq 10^{-3}")
    '(p-1)/(m+p-1) ≤ 10⁻³'
    >>> readable(r"\sqrt{x}")
    '\\sqrt{x}'
    """
    tex = tex.strip()
    text = re.sub(r"\\left(?![A-Za-z])|\\right(?![A-Za-z])|\\[,;:!]", "", tex)
    text = _TEXT.sub(r"\1", text).replace(r"\%", "%").replace(r"\_", "_\0")
    text = _SIGN.sub(_sign, text)
    text = _SCRIPT.sub(_script, _FRACTION.sub(_fraction, text))
    left = re.sub("_\0", "", text)
    return tex if re.search(r"[\\{}^_&]", left) else re.sub("_\0", "_", text)


def _sign(match: re.Match[str]) -> str:
    name = match[1]
    if name not in _SIGNS:
        return match[0]
    sign, after = _SIGNS[name], match.string[match.end() : match.end() + 1]
    spaced = match[0].endswith(" ") and (not after.isalnum() or sign in "×·÷±≤≥≠≈∼≪≫∈∉⊂∪∩→⇒←∝" or sign.isascii())
    return sign + (" " if spaced or (sign.isascii() and after.isalnum()) else "")


def _fraction(match: re.Match[str]) -> str:
    """The fraction with its grouping; one whose neighbours bind tighter than division stays TeX."""
    before, after = match.string[: match.start()].rstrip()[-1:], match.string[match.end() :].lstrip()[:1]
    if (before and before not in _LOOSE) or (after and after not in _LOOSE + ".;%"):
        return match[0]
    return "/".join(part if _ATOM.fullmatch(part) else f"({part})" for part in (match[1], match[2]))


def _script(match: re.Match[str]) -> str:
    table = _SUPERSCRIPTS if match[1] == "^" else _SUBSCRIPTS
    body = match[2] if match[2] is not None else match[3]
    if not body or not all(letter in table for letter in body):
        return match[0]
    return "".join(table[letter] for letter in body)
