"""Whether a number is what it should be: how near it must come, and what a model takes.

`agreement` compares a number as written with what it comes to. `formulas` asks the pipeline model for sizes, operations
and traffic, `bubble` for its schedules: what that model can tell is not written out again by a reader.
"""
