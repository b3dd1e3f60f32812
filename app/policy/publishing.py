"""From a file to a version that stays: drafts, and the one act that freezes them."""

from collections.abc import Set
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.accounts import User
from app.consent import cookie_revision
from app.core import clock, markup
from app.core.content import ContentProblem, bump_generation, content_synced
from app.core.database import db, transaction
from app.core.privacy import AuditDetail, record

from .models import PolicyDraft, PolicyVersion
from .queries import drafts, every_version, note_editions, today
from .reading import Draft
from .rendering import rendered, seal_of
from .signals import policy_changed
from .values import NOTICE_DAYS, running_figures


class NotPublished(Exception):
    """The draft cannot become a version; the text is one sentence that names the fix."""


def apply_draft(session: Session, source: str, draft: Draft, _gone: Set[str]) -> None:
    """Keep what a file says until it is published. Raises `ContentProblem`.

    A file whose version is published must stay as it was; the frozen version stays anyway.
    """
    published = session.scalar(sa.select(PolicyVersion).where(PolicyVersion.number == draft.number))
    if published is not None:
        if published.digest != draft.digest:
            raise ContentProblem(
                f"version {draft.number} was published on {published.published_at:%-d %B %Y} and "
                f"stays as it was; put the file back, and write the change as "
                f"{draft.number + 1:04}.md"
            )
        return
    figures = running_figures().as_if(draft.settings)
    for name, line in draft.names:
        if figures.get(name) is None:
            raise ContentProblem(
                f"policy.{name} is not known; `flask policy values` lists all", line=line
            )
    rendered(draft.body, figures)
    kept = session.scalar(sa.select(PolicyDraft).where(PolicyDraft.number == draft.number))
    kept = kept or PolicyDraft(number=draft.number)
    for name, value in draft.columns().items():
        setattr(kept, name, value)
    kept.source = source
    session.add(kept)


def remove_draft(session: Session, source: str) -> None:
    """Forget a draft whose file is gone; a published version stays."""
    session.execute(sa.delete(PolicyDraft).where(PolicyDraft.source == source))


def publish_first(session: Session) -> None:
    """On a site that has published nothing, publish what was announced; else do nothing.

    From then on only a person publishes.
    """
    if session.scalar(sa.select(sa.func.count(PolicyVersion.id))):
        return
    waiting = drafts()
    for draft in waiting[:1] + [each for each in waiting[1:] if each.announced_on <= today()]:
        _freeze(session, draft)


def publish(number: int | None = None) -> PolicyVersion:
    """Publish the next draft, or the one of that number, for good.

    Raises `NotPublished` for one that is not there, or whose dates would not be true, or
    whose notice would come too late.
    """
    with transaction() as session:
        draft = _draft(number)
        before = every_version()
        if before:
            _check_dates(draft, before[0])
        if draft.cookie_revision != cookie_revision():
            raise NotPublished(
                f"{draft.source} says cookie_revision {draft.cookie_revision}, and the question "
                f"about cookies has revision {cookie_revision()}; let both say the same."
            )
        made = _freeze(session, draft)
        bump_generation(session)
        published = made.number
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    content_synced.send(app)
    policy_changed.send(app, number=published)
    found = db.session.scalar(sa.select(PolicyVersion).where(PolicyVersion.number == published))
    assert found is not None  # noqa: S101 - it was written above
    return found


def _draft(number: int | None) -> PolicyDraft:
    waiting = drafts()
    if not waiting:
        raise NotPublished(
            "There is nothing to publish: every file of content/policy/ is a version already. "
            "Write the next number, and run `flask content check`."
        )
    if number is not None and number != waiting[0].number:
        raise NotPublished(
            f"The next version is {waiting[0].number}; versions are published in their order."
        )
    return waiting[0]


def _check_dates(draft: PolicyDraft, last: PolicyVersion) -> None:
    day = today()
    if draft.number < last.number:
        raise NotPublished(
            f"Version {last.number} is published; {draft.source} needs a higher number."
        )
    if draft.announced_on != day:
        raise NotPublished(
            f"{draft.source} says that it was announced on {draft.announced_on}, and today is "
            f"{day}; set announced_on to {day}, as publishing is the announcement."
        )
    earliest = max(day, last.effective_from)
    if draft.is_material:
        earliest = max(earliest, earliest_notice(day))
    if draft.effective_from < earliest:
        reason = "its notice has to be read in time" if draft.is_material else "none looks back"
        raise NotPublished(
            f"{draft.source} cannot hold from {draft.effective_from}, as {reason}; set "
            f"effective_from to {earliest} or later."
        )


def earliest_notice(day: date) -> date:
    """When a material version may hold at the earliest: its mail has to leave first."""
    members = db.session.scalar(
        sa.select(sa.func.count(User.id)).where(
            User.email_proved_at.is_not(None), User.closed_at.is_(None)
        )
    )
    days_of_mail = (members or 0) // (current_app.config["MAIL_PER_HOUR"] * 24)
    return day + timedelta(days=NOTICE_DAYS + days_of_mail)


def _freeze(session: Session, draft: PolicyDraft) -> PolicyVersion:
    made = rendered(draft.body, running_figures().as_if(draft.settings))
    seal = seal_of(draft, made)
    facts = {"version": draft.number, "seal": seal, "fingerprint": made.fingerprint}
    audit_id = record("policy.published", session, facts=facts)
    salt = session.scalar(sa.select(AuditDetail.salt).where(AuditDetail.id == audit_id))
    names = ("number", "digest", "effective_from", "announced_on", "is_material")
    kept = {
        name: getattr(draft, name) for name in (*names, "cookie_revision", "changes", "contents")
    }
    version = PolicyVersion(
        **kept,
        html=made.html,
        html_sha256=made.html_sha256,
        plain=markup.plain_text(made.html),
        figures={name: list(entry) for name, entry in made.kept.items()},
        fingerprint=made.fingerprint,
        seal=seal,
        audit_id=audit_id,
        audit_salt=salt,
        published_at=clock.now(),
    )
    session.add(version)
    session.execute(sa.delete(PolicyDraft).where(PolicyDraft.number == draft.number))
    session.flush()
    note_editions(session)
    return version
