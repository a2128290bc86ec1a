"""The numbers that notes claim, found and recomputed.

`checker.examine` reads one note; every other module finds or judges one form of claim. What a module cannot judge it
leaves alone: a false alarm costs more trust than a missed mistake.
"""
