"""Blocks of code: results in comments of programs, sizes in CUDA, and studykit's own `calc` and `quiz` blocks."""
