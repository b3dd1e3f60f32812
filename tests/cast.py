"""The people and places of the tests.

Ada reads and Bo comments. Mira administers the garden blog, Noor the workshop blog, and
Fay the room of feedback. Otto owns the site.
"""

GARDEN = "garden"
WORKSHOP = "workshop"
FEEDBACK = "feedback"
MIRA = "mira"
NOOR = "noor"
FAY = "fay"
