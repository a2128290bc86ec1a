"""A folder of notes becomes a vault: its settings, those that other programs left, and the notes that come along."""
