"""A change to how an account is protected: put on record, and told to its person by mail."""

from app.core.database import transaction
from app.core.mail import enqueue
from app.core.privacy import record

from .models import User


def tell(user: User, kind: str, what: str, *, actor_id: int | None = None) -> None:
    """Record the change under `kind` and mail the sentence `what`; in the transaction at hand."""
    with transaction() as session:
        record(kind, session, actor_id=actor_id or user.id, subject_uid=user.uid)
        if user.email is not None:
            enqueue(
                "accounts/security_changed",
                to=(user, "email"),
                username=user.username,
                what=what,
            )
