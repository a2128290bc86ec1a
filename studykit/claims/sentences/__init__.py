"""Sentences of a known form, with a result and what it comes from.

Most are written down as forms (`forms`, `model_forms`, `serving_forms`, in the letters of `grammar`) and read by
`form_reader`: a new sentence is a new form, with its right and its wrong number in the tests. What no form can tell has
a reader of its own: shares, parts of a whole, changes, counts, layouts, two units.
"""
