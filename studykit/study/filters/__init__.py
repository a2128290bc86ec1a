"""The language in which a person names cards: `filter_parse` makes a tree of its text, `filter` a condition of that.

A new field is one entry in `filter_fields` and a line in the help of the commands.
"""
