"""The company's own pages: home, features, pricing, about, contact, and any other.

A page is a Markdown file whose front matter lists sections; a new page, or another
order of sections, needs no Python. Nothing here is for other features to import.
"""
