"""Whether a number is what it should be: how near it must come, and what a model takes.

`agreement` compares a number as written with what it comes to. `formulas` asks the pipeline model, `bubble` its
schedules: no formula of a model is written out anywhere else in the checker.
"""
