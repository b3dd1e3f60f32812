"""Which entries of the audit log somebody may read."""

import sqlalchemy as sa

from app.core.privacy import AuditDetail, Viewer


def entries_of(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Those of the blogs one administers; the owner's are those of the site as such."""
    own = AuditDetail.blog_id.in_(sorted(viewer.blogs("administer")))
    if not viewer.is_owner:
        return own
    return sa.or_(own, AuditDetail.blog_id.is_(None))
