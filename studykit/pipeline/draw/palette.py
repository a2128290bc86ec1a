"""Colours of a picture: a hue for each micro-batch in turn, a shade for each kind, in light and in dark."""

from colorsys import hls_to_rgb

HUES = (210, 28, 145, 285, 345, 180, 55, 250)
KINDS = ("F", "B", "I", "W", "FB")
_SHADES = {
    "light": {"F": (0.84, 0.75), "B": (0.70, 0.62), "I": (0.72, 0.62), "W": (0.91, 0.45), "FB": (0.77, 0.60)},
    "dark": {"F": (0.24, 0.42), "B": (0.31, 0.45), "I": (0.30, 0.45), "W": (0.19, 0.26), "FB": (0.28, 0.45)},
}
_PLAIN = {
    "light": {"ground": "#ffffff", "ink": "#1b1f24", "soft": "#59636e", "hatch": "#c3c9d0", "path": "#c2185b"},
    "dark": {"ground": "#0f1318", "ink": "#e8edf2", "soft": "#9aa5b1", "hatch": "#3a434d", "path": "#ff79b0"},
}
_KIND_HUES = {"F": 210, "B": 145, "I": 145, "W": 45, "FB": 285}


def shade(theme: str, kind: str, hue: int) -> str:
    """A colour as #rrggbb.

    >>> shade("light", "F", 210)
    '#b8d6f5'
    """
    lightness, saturation = _SHADES[theme][kind]
    red, green, blue = hls_to_rgb(hue / 360, lightness, saturation)
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def rules(theme: str) -> str:
    """The rules of one theme. Class `F3` is a forward in the fourth hue, `gF` a group that mostly runs forwards."""
    plain = _PLAIN[theme]
    lines = [
        f".ground{{fill:{plain['ground']}}}",
        f"text{{fill:{plain['ink']}}}",
        f".soft{{fill:{plain['soft']}}}",
        f".hatch{{stroke:{plain['hatch']}}}",
        f".line{{stroke:{plain['soft']}}}",
        f".path{{stroke:{plain['path']}}}",
        f".critical{{stroke:{plain['ink']}}}",
    ]
    lines += [f".{kind}{at}{{fill:{shade(theme, kind, hue)}}}" for kind in KINDS for at, hue in enumerate(HUES)]
    lines += [f".g{kind}{{fill:{shade(theme, 'B', _KIND_HUES[kind])}}}" for kind in KINDS]
    return "".join(lines)


def style(theme: str) -> str:
    """The style sheet: `light`, `dark`, or `auto` for the reader's own choice."""
    if theme != "auto":
        return rules(theme)
    return f"{rules('light')}@media (prefers-color-scheme:dark){{{rules('dark')}}}"
