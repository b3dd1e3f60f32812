"""Doing what a person asks for, by a mailed link or signed in.

A link is taken first, so that it works once; then the one thing is done, and counted.
"""

from dataclasses import dataclass, field

from app.accounts import LastOwner, owners, users_by_id, viewer_for
from app.core.database import transaction
from app.core.errors import Conflict
from app.core.mail import enqueue
from app.core.privacy import (
    AboutYou,
    Collected,
    Erased,
    Person,
    Scope,
    Seen,
    collect,
    correct,
    disclosures_about,
    erase,
    looks_at,
    person_of,
)
from app.core.registry import registry

from .archive import Archive, archive_of
from .links import email_of, find_link, take_link
from .outcomes import told_of
from .totals import add_one
from .wishes import Wish


class Guarded(Conflict):
    """A mailbox alone must not end an account that asks for a second factor."""

    title = "Sign in first"
    message = "This address belongs to an account that is protected by a second factor."
    advice = "Sign in, and erase it on your account’s privacy page."


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What is shown to the owner of an address: what is held, and to whom it was given."""

    collected: Collected = field(repr=False)
    disclosures: list[AboutYou] = field(repr=False)


def everything_of(email: str) -> Shown:
    """All there is about whoever has an address."""
    person = person_of(email)
    return Shown(collected=collect(person), disclosures=disclosures_about(person))


def see(token: str) -> Shown:
    """Everything that is held. Raises `LinkOver`."""
    return everything_of(_taken(token, Wish.SEE))


def look_back(token: str) -> list[Seen]:
    """Who looked. Raises `LinkOver`."""
    return looks_at(person_of(_taken(token, Wish.LOOKS)))


def export(token: str) -> Archive:
    """Everything that is held, as a file. Raises `LinkOver`."""
    return export_of(_taken(token, Wish.EXPORT), is_counted=True)


def export_of(email: str, *, is_counted: bool = False) -> Archive:
    """The same for somebody who is signed in."""
    shown = everything_of(email)
    if not is_counted:
        add_one(Wish.EXPORT)
    return archive_of(email, shown.collected, shown.disclosures)


def stop(token: str) -> int:
    """Stop the mail to a person; of how much. Raises `LinkOver`."""
    return _stop(person_of(_taken(token, Wish.STOP)))


def stop_of(email: str) -> int:
    """The same for somebody who is signed in."""
    add_one(Wish.STOP)
    return _stop(person_of(email))


def rename(token: str, name: str) -> int:
    """Correct the name of a person; in how many places. Raises `LinkOver`."""
    return correct(person_of(_taken(token, Wish.CORRECT)), name=name)


def rename_of(email: str, name: str) -> int:
    """The same for somebody who is signed in."""
    add_one(Wish.CORRECT)
    return correct(person_of(email), name=name)


def erase_by_link(token: str, scope: Scope) -> Erased:
    """Erase the person of a link. Raises `LinkOver`.

    Raises `Guarded` and `LastOwner` before the link is used up.
    """
    person = person_of(email_of(find_link(token)))
    if scope is Scope.EVERYTHING:
        refuse_last_owner(person)
    if is_guarded(person):
        raise Guarded
    return _erase(_taken(token, Wish.ERASE), scope)


def erase_of(email: str, scope: Scope) -> Erased:
    """The same for somebody who is signed in. Raises `LastOwner`."""
    if scope is Scope.EVERYTHING:
        refuse_last_owner(person_of(email))
    add_one(Wish.ERASE)
    return _erase(email, scope)


def refuse_last_owner(person: Person) -> None:
    """Raise `LastOwner` when the site would belong to nobody without this person."""
    if person.account_id and [user.id for user in owners()] == [person.account_id]:
        raise LastOwner


def is_guarded(person: Person) -> bool:
    """Whether more than a mailbox protects the account of a person."""
    user = users_by_id([person.account_id]).get(person.account_id) if person.account_id else None
    return user is not None and user.is_open and viewer_for(user).has_second_factor


def _stop(person: Person) -> int:
    return sum(function(person) for function in registry().every("mail_stops"))


def _erase(email: str, scope: Scope) -> Erased:
    erased = erase(person_of(email), scope)
    # The last mail to this address. To whom it went is forgotten with it: `tidying.tidy`.
    enqueue("rights/erased", to=email, **told_of(erased))
    return erased


def _taken(token: str, wish: Wish) -> str:
    """The address of a link that is used up with this, and counted."""
    with transaction() as session:
        email = take_link(session, token, wish)
        add_one(wish)
    return email
