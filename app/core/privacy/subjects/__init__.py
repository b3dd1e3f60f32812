"""Everything about one person: whose a row is, what is held, and what becomes of it on request."""
