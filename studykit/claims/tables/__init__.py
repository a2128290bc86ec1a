"""Tables that a rule holds together: most rows keep it, and one that does not is wrong.

A new reader finds the rule from the rows themselves, and asks that more of them keep it than do not.
"""
