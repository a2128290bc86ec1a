"""What TeX's commands look like as plain signs, by the part they play in a formula."""

from studykit.calculators.superscripts import RAISED

LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "infty": "∞", "emptyset": "∅", "ldots": "…", "cdots": "⋯",
    "dots": "…", "vdots": "⋮", "prime": "′", "circ": "°", "dagger": "†", "top": "T", "star": "*", "ast": "*",
    "bot": "⊥", "square": "□", "checkmark": "✓",
    "%": "%", "_": "_", "#": "#", "$": "$", "&": "&",
}  # fmt: skip
PREFIXES = {"partial": "∂", "nabla": "∇", "Delta": "Δ", "forall": "∀", "exists": "∃", "neg": "¬", "lnot": "¬"}
"""They belong to what follows."""
PRODUCTS = {
    "times": "×", "cdot": "·", "div": "÷", "odot": "⊙", "otimes": "⊗", "oplus": "⊕", "cup": "∪", "cap": "∩",
    "bullet": "•", "setminus": "∖", "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨",
}  # fmt: skip
RELATIONS = {
    "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥", "neq": "≠", "ne": "≠",
    "approx": "≈", "sim": "∼", "simeq": "≃", "equiv": "≡", "ll": "≪", "gg": "≫", "in": "∈", "notin": "∉",
    "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "to": "→", "rightarrow": "→",
    "longrightarrow": "→", "Rightarrow": "⇒", "implies": "⇒", "leftarrow": "←", "gets": "←", "Leftarrow": "⇐",
    "leftrightarrow": "↔", "Leftrightarrow": "⇔", "iff": "⇔", "mapsto": "↦", "propto": "∝", "mid": "|",
    "lt": "<", "gt": ">", "parallel": "∥", "triangleq": "≜", "coloneqq": "≔", "pm": "±", "mp": "∓",
    "bmod": "mod", "mod": "mod", "uparrow": "↑", "downarrow": "↓", "because": "∵", "therefore": "∴",
}  # fmt: skip
FUNCTIONS = frozenset({
    "max", "min", "log", "ln", "lg", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "arctan", "arg", "argmax",
    "argmin", "lim", "sup", "inf", "det", "Pr", "gcd", "deg", "dim", "ker",
})  # fmt: skip
SUMS = {"sum": "Σ", "prod": "Π", "int": "∫", "bigcup": "⋃", "bigcap": "⋂"}
OPENING = {"(": "(", "[": "[", "{": "{", "lceil": "⌈", "lfloor": "⌊", "langle": "⟨", "lvert": "|", "lVert": "‖"}
CLOSING = {")": ")", "]": "]", "}": "}", "rceil": "⌉", "rfloor": "⌋", "rangle": "⟩", "rvert": "|", "rVert": "‖"}
BARS = {"|": "‖", "vert": "|", "Vert": "‖"}
SPACES = {",": " ", ";": " ", ":": " ", "!": "", " ": " ", "space": " ", "quad": "  ", "qquad": "    "}
SILENT = frozenset({
    "displaystyle", "textstyle", "limits", "nolimits", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
    "middle", "notag", "nonumber",
})  # fmt: skip
"""They change the look alone."""
WORDS = frozenset({"text", "mathrm", "operatorname", "textbf", "textit", "textrm", "mathsf", "mathtt"})
"""Fonts whose text is a word, not a product of letters."""
FONTS = WORDS | {
    "mathbf",
    "mathit",
    "mathnormal",
    "boldsymbol",
    "bm",
    "mathcal",
    "mathbb",
    "mathscr",
    "mathfrak",
    "boxed",
}
DOUBLE = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
SCRIPT = dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True))
ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0304", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
}  # fmt: skip
SUPERSCRIPTS = RAISED | dict(zip("()ni", "⁽⁾ⁿⁱ", strict=True))
SUBSCRIPTS = dict(zip("0123456789+-=()aeijkmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
ROWS = {
    "cases": ("{ ", "; ", " }"), "matrix": ("[", "; ", "]"), "pmatrix": ("(", "; ", ")"), "bmatrix": ("[", "; ", "]"),
    "vmatrix": ("|", "; ", "|"), "array": ("[", "; ", "]"), "smallmatrix": ("[", "; ", "]"),
    "aligned": ("", "\n", ""), "align": ("", "\n", ""), "split": ("", "\n", ""), "gather": ("", "\n", ""),
    "gathered": ("", "\n", ""), "equation": ("", "\n", ""),
}  # fmt: skip
"""What stands before, between and after the rows of an environment."""
