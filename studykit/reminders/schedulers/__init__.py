"""Who wakes us at the hour: the operating system's own scheduler, one a file."""
