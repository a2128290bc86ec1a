"""Which files of a vault are no study material, and why."""

import re

from studykit.vault.frontmatter import Frontmatter
from studykit.vault.later import later

RULE_FILES = frozenset(
    name + ".md"
    for name in (
        *("CLAUDE", "CLAUDE.local", "AGENTS", "AGENT", "GEMINI", "copilot-instructions", "cursorrules"),
        *("CONTRIBUTING", "CHANGELOG", "LICENSE", "SECURITY", "CODE_OF_CONDUCT"),
    )
)
"""Written for editors and repositories. Capitals count: `gemini.md` may well be a note about that model."""

_README = later(r"readme([._-][\w-]+)?\.md", re.IGNORECASE)
# `{{c1::…}}` is a cloze deletion and `{{…}}` in a body may be code, so only heads and titles tell a template.
_PLACEHOLDER = later(r"\{\{(?!c\d+::)[^{}\n]*\}\}|<%[^\n]*?%>")
_BACKUP = later(r"(?:.*/)?logseq/(?:bak|version-files)/.*")
_CONFLICT_COPY = later(r"(.*)\.sync-conflict-\d{8}-\d{6}-[0-9A-Z]{7}(\.md)")


def conflict_copy_of(path: str) -> str:
    """The note of which the file at `path` is a copy that Syncthing made on a conflict, or an empty text.

    >>> conflict_copy_of("a/b.sync-conflict-20261128-101112-ABCDEF7.md")
    'a/b.md'
    """
    found = _CONFLICT_COPY.fullmatch(path) if ".sync-conflict-" in path else None
    return found[1] + found[2] if found else ""


def why_not(path: str, head: str, title: str, prose: str, frontmatter: Frontmatter) -> str:
    """The reason why a note makes no cards, or an empty text. `cards: true` overrules what the file's name says."""
    name = path.rpartition("/")[2]
    asked = "cards" in frontmatter.keys
    if not frontmatter.cards:
        return "its frontmatter says cards: false"
    if (name in RULE_FILES or (name[:6].lower() == "readme" and _README.fullmatch(name))) and not asked:
        return f"{name} is written for editors or repositories"
    if conflict_copy_of(path) and not asked:
        return "it is a copy made on a conflict of two devices"
    if "logseq/" in path and _BACKUP.fullmatch(path) and not asked:
        return "it is a backup that Logseq made"
    if _is_template(head) or _is_template(title):
        return "it is a template with placeholders"
    return "" if prose.strip() else "it has no text"


def _is_template(text: str) -> bool:
    return ("{{" in text or "<%" in text) and bool(_PLACEHOLDER.search(text))
