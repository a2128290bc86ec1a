"""What is remembered and when to ask again: schedulers, the day boundary, fuzz, forecasts. Pure, no I/O."""
