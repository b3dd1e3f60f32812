"""The rooms of those who keep the site: what waits, what is wrong, who looked at what.

Features hand in their own pages by `admin_nav` and their numbers by `dashboard`; nothing
here is for other features to import.
"""
