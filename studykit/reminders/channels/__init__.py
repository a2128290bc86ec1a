"""Where a reminder goes: one channel a file. A channel sends within ten seconds or raises ChannelError."""
