"""What the note formats of other programs have in common: gaps, settings of plugins, schedules, text that is inert."""
