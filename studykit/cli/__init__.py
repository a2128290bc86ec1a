"""The command line: one file a command. `start` is the console script's entry."""
