"""What follows from what, whatever the words: a sentence as amounts with parts to play, judged by laws.

`roles` reads the parts, `memory_laws` and `speed_laws` list what follows from which of them (a new law is one entry),
`following` asks them for sentences and lists, `rows` for rows of small tables. They come last: a line on which another
reader found something is not theirs.
"""
