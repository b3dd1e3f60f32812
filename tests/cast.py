"""The people and places of the tests.

Ada reads and Bo comments. Mira administers the garden blog, Noor the workshop blog.
Otto owns the site.
"""

GARDEN = "garden"
WORKSHOP = "workshop"
MIRA = "mira"
NOOR = "noor"
