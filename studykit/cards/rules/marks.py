"""What a note holds, at the least, that has a card of another program's format.

Most notes hold nothing of the kind; then the rule of that format is not run, and its module not even loaded.
"""

from studykit.cards.page import Page

CLOZE = "{{c"


def obsidian_to_anki(page: Page) -> bool:
    """A word that opens a note, or settings with expressions that may match anywhere."""
    options = page.options.plugins.obsidian_to_anki
    body = page.note.body
    if options.regexps or (options.begin and options.begin in body):
        return True
    return bool(options.begin_inline) and options.begin_inline in body


def flashcards_obsidian(page: Page) -> bool:
    """What the plugin leaves in the head of a note; where it is installed any note may be its."""
    return "cards-deck" in page.note.frontmatter.keys or page.options.plugins.flashcards.installed


def logseq(page: Page) -> bool:
    """The tag, or the property that stands for it."""
    body = page.note.body
    return "ard" in body and ("card" in body or "Card" in body)


def obsidian_sr(page: Page) -> bool:
    """The tag of a deck, in the text or in the frontmatter; where folders are decks, any note is in one."""
    plugins, text = page.options.plugins, page.note.text
    if plugins.logseq and "<!--SR:" not in text:
        return False  # there, `name:: value` is a property and `#flashcards` a tag like any other
    options = plugins.spaced_repetition
    return options.folders or any(tag[1:] in text for tag in options.tags)


def hashcards(page: Page) -> bool:
    """The line that opens a card."""
    body = page.note.body
    return body.startswith(("Q:", "C:")) or "\nQ:" in body or "\nC:" in body


def anki_cloze(page: Page) -> bool:
    """A gap, where no plugin's own notes and expressions say which deletions are meant."""
    return CLOZE in page.note.body and not page.options.plugins.obsidian_to_anki.installed
