"""The format number of the store, alone in a file so that the prompt can read it for nothing."""

VERSION = 3  # PRAGMA user_version of a store with every migration applied
