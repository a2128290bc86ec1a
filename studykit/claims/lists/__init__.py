"""Results one below the other, each with its label, and a line that says what they come to.

A new reader takes `reading.labelled` amounts and says which of them go together.
"""
