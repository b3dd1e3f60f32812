"""Measures Clientflow against nginx and against its own limits: `make bench`."""
