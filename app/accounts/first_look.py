"""What a look at personal data asks of a person besides their role, and what of it is left."""

from flask import url_for

from app.core.privacy import Viewer
from app.core.registry import Figure
from app.core.web import is_recent

from .second_factor import is_required


def steps_of(viewer: Viewer) -> dict[str, bool]:
    """Each step and whether it is done; the order is the one they are asked for in."""
    return {
        "agreement": viewer.agreement_id is not None,
        "second_factor": viewer.has_second_factor or not is_required(),
        "recent": is_recent(viewer),
    }


def steps_left(viewer: Viewer) -> list[Figure]:
    """For administrators who have not been through it: how much is left, and the way there."""
    steps = steps_of(viewer)
    left = [name for name in ("agreement", "second_factor") if not steps[name]]
    if not left or not viewer.has_right("administer"):
        return []
    to = url_for("agreement.first_look", next="/admin/")
    return [Figure(label="Steps before your first look at an address", value=len(left), to=to)]
