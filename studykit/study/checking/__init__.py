"""What is wrong in notes: their numbers, and everything beside them."""
