"""studykit: study your own Markdown notes, with every number checked by a model."""

__version__ = "0.1.0"
