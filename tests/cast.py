"""The people and places of the tests.

Ada reads. Mira writes for the garden blog, Noor for the workshop blog. Otto runs the site.
"""

GARDEN = "garden"
WORKSHOP = "workshop"
MIRA = "mira"
NOOR = "noor"
