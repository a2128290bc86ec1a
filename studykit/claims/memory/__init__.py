"""What a model, its cache or its training takes, where what it follows from stands on the line or near it.

One kind of memory a reader. A new one asks `judging.formulas` for the size, and leaves a line alone where two values
may be meant.
"""
