"""How the site is used, counted without anybody's being followed.

Each page that was shown is added to totals of its day, one dimension at a time: no row ever
stands for a request, nothing about an address is read, and two dimensions are never crossed.
What a month came to is published once it is over, above thresholds, and frozen. Nothing here
is for others to use, and nothing here knows accounts, comments or feedback.
"""
