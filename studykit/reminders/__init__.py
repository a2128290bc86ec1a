"""Review reminders: whether to speak, what to say, through which channel, and who wakes us at the hour."""
