"""The days ahead: what comes due when, what a pile of it means, breaks, and a plan by simulation.

`days_ahead` and `brief` keep the next days in small files, for prompts and reminders that must answer at once.
"""
