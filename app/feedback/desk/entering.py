"""What came by support mail: entered by an administrator, private, and never public unasked."""

from dataclasses import dataclass

from app.core import clock
from app.core.database import transaction
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import Viewer, record, seal

from ..links import new_token
from ..models import Channel, Feedback, Kind, State


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A request as it came by mail."""

    kind: Kind
    text: str
    name: str | None = None
    email: str | None = None


def enter(viewer: Viewer, room: int, entry: Entry) -> int:
    """Keep a request as a private item; its number. Its sender is not written to."""
    at = clock.now()
    with transaction() as session:
        feedback = Feedback(
            blog_id=room,
            created_at=at,
            quiet_from=at,
            kind=entry.kind,
            channel=Channel.SUPPORT,
            state=State.OPEN,
            text=entry.text,
            html=render_remark(entry.text),
            html_version=REMARK_VERSION,
            sender_name=entry.name,
            sender_email=seal(entry.email) if entry.email else None,
            reasons=[],
            entered_by=viewer.id,
            decided_at=at,
            decided_by=viewer.id,
        )
        # Its own random name must be there before the secret that is made of it.
        session.add(feedback)
        new_token(feedback)
        session.flush()
        record(
            "feedback.enter",
            session,
            actor_id=viewer.id,
            blog_id=room,
            subject_uid=feedback.uid,
        )
    return feedback.id
