"""A session: which cards in what order, asked, answered and graded; and what is done to a card outside of one.

`limits`, `new_cards` and `queue` choose, `session` asks and keeps each grade before the next question, `sitting` is
what a face shows of it.
"""
