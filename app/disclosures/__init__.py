"""Legal demands for somebody's data, and the public account of them.

Owners and administrators keep the register of `core.privacy.disclosures` here, and two of them
together can give an authority what it asks for. Everybody can read how often that happened,
how often administrators looked at personal data, and what the audit chain's end was sealed with.
Nothing here is for other features to import.
"""
