"""Equations: an expression, a sign of equality, a result, wherever they stand.

`arithmetic` reads an expression into a tree, `evaluation` works it out, `equation` finds both sides in a line and
`equality` holds them against each other under every reading of their units. `equation_lines` and `workings` are the
readers, `multiply_adds` knows one slip. A reader of what is an equation in disguise, as a comment with a result is,
asks these, too.
"""
