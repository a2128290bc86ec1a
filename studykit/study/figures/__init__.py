"""What a learner did and knows, in figures: by day, by deck and tag, and whether predictions came true."""
