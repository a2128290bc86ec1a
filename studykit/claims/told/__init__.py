"""Results told with their inputs in the words of a calculator, for every calculator there is.

`words` says how notes name what a calculator takes and gives, `reading` finds these in a sentence, `results` holds the
result against the calculator. They are compared between notes, and offered as questions. A new calculator needs its
topic in `results` and its words in `words`.
"""
