"""Where the running site differs from what its policy says, and whether a version is untouched."""

import hashlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core.content import ContentCache
from app.core.database import db
from app.core.privacy import AuditLink, commitment_of
from app.core.slots import Finding, Outcome

from .figures import Figures, fingerprint
from .models import PolicyVersion
from .queries import current_version, every_version
from .rendering import seal_of
from .values import running_figures

NOTHING = "nothing"


@dataclass(frozen=True)
class Drift:
    """One figure that was published, and what the site does instead."""

    source: str
    published: str
    running: str

    def __str__(self) -> str:
        """The sentence, named after what decides the figure."""
        return f"{self.source}: published {self.published}, running {self.running}"


def drift_of(version: PolicyVersion) -> tuple[Drift, ...]:
    """Every figure of a version that is no longer so, each decision once."""
    return compared(version.figures, running())


def compared(kept: dict[str, Any], figures: Figures) -> tuple[Drift, ...]:
    """Where kept figures and these differ, added and dropped ones too."""
    names = {leaf.partition(":")[0] for leaf in kept}
    now = figures.kept(names)
    found: dict[Drift, None] = {}
    for leaf in sorted({*kept, *now}):
        published, source = kept.get(leaf) or (NOTHING, None)
        runs, running_source = now.get(leaf) or (NOTHING, None)
        if published != runs:
            found[Drift(str(source or running_source), published, runs)] = None
    return tuple(found)


def running() -> Figures:
    """The figures of the running site, gathered once until content changes."""
    cache: ContentCache = current_app.extensions.setdefault("policy.figures", ContentCache())
    figures: Figures = cache.get("figures", running_figures)
    return figures


def current_drift() -> tuple[Drift, ...]:
    """Where the site differs from the version that holds; nothing where there is none."""
    version = current_version()
    return drift_of(version) if version else ()


def start_problem() -> str | None:
    """Why a strict site must not start, in one sentence; `None` when it may."""
    if not current_app.config["POLICY_STRICT"]:
        return None
    drift = current_drift()
    if not drift:
        return None
    return (
        f"The site does not run as its privacy policy says. {'; '.join(map(str, drift))}. Change "
        "that back or publish a new version, or take CLIENTFLOW_POLICY_STRICT away."
    )


def drift_found() -> Finding:
    """What `flask doctor` says of the policy."""
    version = current_version()
    if version is None:
        return Finding("warn", "No privacy policy is published.", "flask policy publish")
    reason = tampering(version)
    if reason:
        sentence = f"Version {version.number} of the privacy policy was changed: {reason}."
        return Finding("fail", sentence, "flask policy check")
    drift = drift_of(version)
    if drift:
        return Finding("fail", "; ".join(map(str, drift[:5])), "flask policy check")
    return Finding("ok", f"The site runs as version {version.number} of its policy says.")


def policy_stands() -> Outcome:
    """That the version that holds is the one that was published, for the page of promises."""
    versions = every_version()
    for each in versions:
        reason = tampering(each)
        if reason:
            return Outcome(problem=f"Version {each.number} was changed: {reason}.")
    return Outcome(f"{len(versions)} published, none changed since.")


def figures_hold() -> Outcome:
    """That the site runs with the figures of its policy."""
    version = current_version()
    if version is None:
        return Outcome(problem="No policy is published.")
    drift = drift_of(version)
    if drift:
        return Outcome(problem=str(drift[0]))
    return Outcome(f"All {len(version.figures)} figures of version {version.number} hold.")


def tampering(version: PolicyVersion) -> str | None:
    """What of a published version is not as it was published; `None` when all is.

    Its words and figures are compared with its seal, and the seal with the audit chain, which
    holds a commitment to it for ever.
    """
    html_sha256 = hashlib.sha256(version.html.encode()).hexdigest()
    if html_sha256 != version.html_sha256:
        return "its words are not those that were published"
    if fingerprint(version.figures) != version.fingerprint:
        return "its figures are not those that were published"
    made: Any = SimpleNamespace(html_sha256=html_sha256, fingerprint=version.fingerprint)
    if seal_of(version, made) != version.seal:
        return "its dates or its summary are not those that were published"
    link = db.session.scalar(sa.select(AuditLink).where(AuditLink.id == version.audit_id))
    if link is None or commitment_of(_entry(version)) != link.commitment:
        return "the audit chain knows another one"
    return None


def _entry(version: PolicyVersion) -> Any:
    facts = {"version": version.number, "seal": version.seal, "fingerprint": version.fingerprint}
    empty = dict.fromkeys(("actor_id", "blog_id", "subject_uid", "field", "reason"))
    return SimpleNamespace(**empty, facts=facts, salt=version.audit_salt)
