"""How people and machines find things: search, feeds, the sitemap and the well-known files.

Reads the registry, and so every feature's public documents; nothing imports it.
"""
