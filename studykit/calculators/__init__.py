"""Named questions to the pipeline model: declared inputs and outputs, worked steps, and judged answers."""
