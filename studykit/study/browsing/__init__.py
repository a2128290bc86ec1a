"""Cards and notes without studying them: listed, named, searched, compared, taken elsewhere."""
