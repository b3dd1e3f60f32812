"""The private page of a feedback: what became of it, and what its sender decides about it."""
