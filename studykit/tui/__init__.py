"""The face with a screen: asking, answering and grading in the terminal."""
