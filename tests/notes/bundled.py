"""The notes that come with studykit, read for their tests with nothing of studykit."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

NOTES = Path(__file__).resolve().parents[2] / "notes"
LANGUAGES = ("zh", "en")
TOPICS = range(1, 13)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
HEADING = re.compile(r"^(#{1,6}) (.+)$", re.M)


@dataclass(frozen=True)
class BundledNote:
    path: Path
    language: str
    body: str

    def fences(self, kind: str) -> list[str]:
        return [content for info, content in FENCE.findall(self.body) if info == kind]

    @property
    def prose(self) -> str:
        """The body without fenced blocks and link targets: what a reader takes as statements."""
        return re.sub(r"\]\([^)]*\)", "]", FENCE.sub("", self.body))

    def formulas(self) -> list[str]:
        """The TeX of every `$…$` and `$$…$$`."""
        found = re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", self.prose, re.S)
        return [display or inline for display, inline in found]

    def section(self, title: str) -> str:
        return re.split(r"^## ", self.body.split(f"\n## {title}\n", 1)[1], maxsplit=1, flags=re.M)[0].strip()

    def sections(self) -> dict[str, str]:
        return {title: self.section(title) for level, title in HEADING.findall(self.body) if level == "##"}

    def tables(self) -> list[list[list[str]]]:
        """Every table as rows of cells, the header first and the rule line left out."""
        blocks = re.findall(r"(?:^\|.*\n)+", self.prose, re.M)
        lines = [[line for line in block.splitlines() if not set(line) <= set("|- ")] for block in blocks]
        return [[[cell.strip() for cell in line.strip("|").split("|")] for line in table] for table in lines]


@cache
def note(language: str, topic: int) -> BundledNote:
    (path,) = (NOTES / language).glob(f"{topic:02d}-*.md")
    return BundledNote(path, language, path.read_text(encoding="utf-8").split("---\n", 2)[2])


every_note = pytest.mark.parametrize(("language", "topic"), [(each, t) for each in LANGUAGES for t in TOPICS])
every_topic = pytest.mark.parametrize("topic", TOPICS)
in_both = pytest.mark.parametrize("language", LANGUAGES)
