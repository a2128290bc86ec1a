"""The review log as a person sees it: listed, examined, kept small, archived."""
