"""What leaves studykit in the formats of other programs, and comes in from them."""
