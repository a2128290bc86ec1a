"""What Obsidian adds to Markdown within a line: links between notes, embeds, highlights; and a callout's first line."""

import os
import re
from functools import cache

from studykit.locale import _
from studykit.tui.prose.wrap import Run
from studykit.vault.later import later

_HIGHLIGHT = r"==(?P<marked>[^\s=](?:[^=\n]*[^\s=])?)=="
_CALLOUT = later(r"\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*(?P<title>[^\n]*)(?:\n|\Z)")
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif"})


def marked_runs(text: str, style: str) -> list[Run]:
    """`text` in runs, its links and highlights styled: `[[note#part|words]]` shows the words, or `note > part`.

    >>> marked_runs("见 [[拓扑#环|环]]，==要记==", "")
    [('见 ', ''), ('环', 'link'), ('，', ''), ('要记', 'highlight')]
    """
    runs: list[Run] = []
    at = 0
    for found in _marks().finditer(text):
        runs.append((text[at : found.start()], style))
        shown, name = _shown(found)
        runs.append((shown, " ".join(sorted({*style.split(), name}))))
        at = found.end()
    return [run for run in [*runs, (text[at:], style)] if run[0]]


@cache
def _marks() -> re.Pattern[str]:
    from studykit.vault.links import WIKI  # late: most texts have no such link

    return re.compile(f"{WIKI}|{_HIGHLIGHT}")


def _shown(found: re.Match[str]) -> tuple[str, str]:
    if found["marked"]:
        return found["marked"], "highlight"
    place = found["address"].strip()
    if found["image"] and os.path.splitext(place)[1].lower() in _PICTURES:
        return _("[image: {name}]").format(name=os.path.basename(place)), "image"
    note, *parts = place.split("#")
    words = found["text"] or " > ".join(part for part in (note, *parts) if part and not part.startswith("^"))
    return words or place, "link"


def callout(content: str) -> tuple[str, str] | None:
    """A quote's first paragraph as the title of a callout and what follows it; None where it is no callout.

    >>> callout("[!tip]- 先说结论\\n再说理由")
    ('先说结论', '再说理由')
    >>> callout("[!NOTE]\\n只有正文")
    ('Note', '只有正文')
    """
    found = _CALLOUT.match(content)
    if found is None:
        return None
    return found["title"].strip() or found["kind"].capitalize(), content[found.end() :].strip("\n")
