"""What a page says, before anything is judged: its lines, numbers, tables, names, and what stands around them.

`page.Page` is the note as every reader has it: the lines with digits, found by word or by expression for all who ask.
`tokens` and `amounts` read a line's numbers with their units, `quantities` a sentence made of nothing else, `grids` the
tables, `labelled` an amount with its label, `named` values that have a name. `surroundings` tells which pipeline or
which model is meant; `hedges` and `quoted` what is no plain claim.

What two readers look for stands here; what one looks for stands with it.
"""
