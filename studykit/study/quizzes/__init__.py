"""Quiz blocks from what notes already claim: recognised, drafted, offered, and written where they belong."""
