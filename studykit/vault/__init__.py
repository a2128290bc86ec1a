"""Files to notes and back: scanning a folder, reading Markdown and frontmatter, patching single values.

Nothing here knows of cards, schedules or screens, and nothing is imported before it is needed:
`studykit.vault.note` loads neither the Markdown parser nor the YAML reader until a note asks for them.
"""
