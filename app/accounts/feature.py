"""The card of the accounts."""

from datetime import timedelta

from app.core.registry import Category, Cookie, Feature

from .sessions import LONGEST_STAY, load_viewer

FEATURE = Feature(
    name="accounts",
    load_viewer=load_viewer,
    cookies=(
        Cookie(
            name="session",
            category=Category.NECESSARY,
            purpose="Keeps you signed in until you close the browser, for 12 hours at most.",
            life=None,
        ),
        Cookie(
            name="remember",
            category=Category.PREFERENCES,
            purpose="Keeps you signed in for 30 days, because you ticked that box.",
            life=LONGEST_STAY,
        ),
        Cookie(
            name="device",
            category=Category.NECESSARY,
            purpose="Recognises this browser, so that others' wrong guesses do not slow you down.",
            life=timedelta(days=180),
        ),
    ),
)
