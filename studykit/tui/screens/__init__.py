"""What fills the terminal: the question, the summary, a note, the keys, a calculator."""
