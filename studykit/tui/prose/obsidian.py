"""What Obsidian adds to Markdown within a line: links between notes, embeds, highlights; and a callout's first line."""

import os
import re

from studykit.locale import _
from studykit.tui.prose.wrap import Run
from studykit.vault.later import later
from studykit.vault.obsidian_marks import is_picture, marks, words_of

_CALLOUT = later(r"\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*(?P<title>[^\n]*)(?:\n|\Z)")


def marked_runs(text: str, style: str) -> list[Run]:
    """`text` in runs, its links and highlights styled: `[[note#part|words]]` shows the words, or `note > part`.

    >>> marked_runs("见 [[拓扑#环|环]]，==要记==", "")
    [('见 ', ''), ('环', 'link'), ('，', ''), ('要记', 'highlight')]
    """
    runs: list[Run] = []
    at = 0
    for found in marks().finditer(text):
        runs.append((text[at : found.start()], style))
        shown, name = _shown(found)
        runs.append((shown, " ".join(sorted({*style.split(), name}))))
        at = found.end()
    return [run for run in [*runs, (text[at:], style)] if run[0]]


def _shown(found: re.Match[str]) -> tuple[str, str]:
    if found["marked"]:
        return found["marked"], "highlight"
    place = found["address"].strip()
    if found["image"] and is_picture(place):
        return _("[image: {name}]").format(name=os.path.basename(place)), "image"
    return words_of(found), "link"


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
