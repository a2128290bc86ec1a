"""The derived SQLite store, and the review log it is derived from."""
