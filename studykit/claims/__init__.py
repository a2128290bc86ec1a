"""The numbers that notes claim, found and recomputed.

The way in is `checker.examine`: one note, its `finding.Report`; and `consistency.contradictions` over the statements of
many. Who asks about right numbers, too, takes `told.results.told`. What cannot be judged is left alone: a false alarm
costs more trust than a missed mistake.

A note goes this way::

    reading      what the page says: lines, amounts, tables, names, surroundings
      -> a reader of one form: equations, bubbles, memory, tables, lists, sentences, code_blocks, laws, told
           -> judging      what it should be, and whether it is near enough
                -> finding, in the words of wording

`readers` lists every reader with the words without which it finds nothing; a new reader is a module in the package of
its kind, one line there, and a test with a right number and a wrong one.
"""
