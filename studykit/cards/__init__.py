"""Notes into cards: one rule a file in `rules/`, and a card's identity across edits and moves."""
