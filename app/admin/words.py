"""What the audit log's kinds and fields are called when a person reads it."""

from collections.abc import Mapping

LOOK = "look"

#: Every kind of entry, group by group; the groups are what the log can be narrowed down to.
GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "looks": (
        "Looks at personal data",
        {
            LOOK: "looked at {field}",
            "look.refused": "was refused a look at {field}",
            "comment.elsewhere": "asked for a comment of a blog that is not theirs",
            "feedback.elsewhere": "asked for feedback without a right in its room",
        },
    ),
    "decisions": (
        "Moderation",
        {
            "moderation.decide": "decided",
            "moderation.undo": "took a decision back",
            "feedback.enter": "entered feedback that came by support mail",
            "ban.set": "set a ban",
            "ban.lift": "lifted a ban",
            "trust.give": "gave trust",
            "trust.revoke": "took trust back",
            "report.dismiss": "dismissed a report",
            "rules.change": "changed the rules of the blog",
        },
    ),
    "feedback": (
        "Feedback",
        {
            "feedback.grant": "let feedback be public",
            "feedback.withdrawn": "took feedback back",
            "feedback.expired": "let a word to publish run out",
            "feedback.erase": "erased feedback",
            "feedback.ask": "asked the sender of feedback",
            "feedback.approve": "published feedback",
            "feedback.unapprove": "took feedback down",
        },
    ),
    "policy": ("Privacy policy", {"policy.published": "published a version of the privacy policy"}),
    "disclosures": (
        "Legal demands",
        {
            "disclosure.entered": "entered a legal demand",
            "disclosure.approved": "approved a legal demand",
            "disclosure.rejected": "refused a legal demand",
            "disclosure.released": "began to give somebody’s data for a legal demand",
            "disclosure.given": "answered a legal demand",
            "disclosure.barred": "set until when nothing may be said of a legal demand",
            "disclosure.told": "told those named in a legal demand",
        },
    ),
    "roles": (
        "Roles",
        {
            "role_granted": "gave a role",
            "role_revoked": "took a role away",
            "owner_made": "made somebody an owner",
            "owner_unmade": "took ownership away",
            "invited": "invited somebody",
            "invitation_taken": "took an invitation",
            "invitation_withdrawn": "withdrew an invitation",
            "joined": "joined",
            "agreement_accepted": "accepted the confidentiality agreement",
        },
    ),
    "accounts": (
        "Accounts",
        {
            "signed_in": "signed in",
            "renamed": "took another username",
            "password_changed": "set a password",
            "email_changed": "changed the email address",
            "account_closed": "closed the account",
            "account_warned": "told somebody that their account will be closed",
            "account_disabled": "disabled an account",
            "account_enabled": "enabled an account",
            "factor.passkey-added": "added a passkey",
            "factor.passkey-removed": "removed a passkey",
            "factor.reset": "took the second factor off an account",
            "factor.app-added": "added an authenticator app",
            "factor.app-removed": "removed an authenticator app",
            "factor.codes-renewed": "made new recovery codes",
            "factor.code-spent": "used a recovery code",
        },
    ),
    "upkeep": (
        "Keys and periods",
        {
            "correction": "corrected the name of somebody who asked for it",
            "erasure": "erased somebody who asked for it",
            "erasure.repeat": "erased again, after a restore, what had been erased",
            "retention": "erased what was past its time",
            "keys.added": "added a key",
            "keys.promoted": "put a key to work",
            "keys.retired": "destroyed a key",
            "keys.expired": "destroyed the keys of past months",
            "keys.extended": "made the keys of coming months",
            "keys.lost": "went on after the key was lost",
            "backup.restored": "brought the site back from a backup",
            "mail.read": "read a kept letter",
            "mail.dropped": "dropped a mail",
        },
    ),
}

FIELDS = {
    "comment.email": "the email address of a comment",
    "comment.ip": "the IP address of a comment",
    "feedback.email": "the email address of feedback",
    "feedback.ip": "the IP address of feedback",
    "report.email": "the email address of a report",
    "report.ip": "the IP address of a report",
    "ban.email": "the email address of a ban",
    "ban.ip": "the IP address of a ban",
    "trust.email": "the email address of somebody trusted",
    "login.ip": "the IP address of a sign-in",
}


#: What each mail is called in the list of mails; none of it says to whom.
MAILS = {
    "accounts/already": "Somebody signed up with an address that has an account",
    "accounts/closed": "An account was closed",
    "accounts/disabled": "An account was disabled or enabled",
    "accounts/email_changed": "The email address of an account was changed",
    "accounts/invitation": "An invitation",
    "accounts/log_in": "A link to log in",
    "accounts/new_device": "A sign-in from a new device",
    "accounts/new_email": "A link to prove a new address",
    "accounts/new_owner": "There is a new owner",
    "accounts/nobody": "Somebody asked for an account that is not there",
    "accounts/password_changed": "A password was set",
    "accounts/reset": "A link to set a new password",
    "accounts/role_changed": "A role was given or taken",
    "accounts/security_changed": "A second factor was changed",
    "accounts/unused": "An account will be closed, as nobody uses it",
    "accounts/welcome": "A link to finish signing up",
    "comments/digest": "Comments that wait, to moderators",
    "comments/proof": "A link to prove the address of a comment",
    "comments/published": "A comment was published",
    "comments/refused": "A comment was refused",
    "comments/replies": "Replies to a comment",
    "desk/many_looks": "Many looks at personal data in a day",
    "disclosures/given": "Data was given to an authority, to the person concerned",
    "disclosures/head": "The head of the audit chain",
    "feedback/answered": "An answer to feedback",
    "feedback/ask_publish": "A question whether feedback may be public",
    "feedback/ask_renewal": "A question whether feedback may stay public",
    "feedback/ask_wording": "A question whether feedback may be public in other words",
    "feedback/digest": "Feedback that waits, to the people of the room",
    "feedback/proof": "A link to prove the address of feedback",
    "feedback/published": "Feedback became public",
    "feedback/receipt": "The receipt for feedback",
    "moderation/report": "What came of a report",
    "policy/changed": "The privacy policy changes",
    "rights/erased": "What was erased, and what stays",
    "rights/link": "A link to what is held about somebody",
    "rights/nothing": "Somebody asked about data, and nothing is held",
}


#: The job that erases what is past its time.
RETENTION_JOB = "retention"

#: What a table holds, as the page of retention calls it.
HELD = {
    "address_proofs": "Proofs of an address",
    "audit_details": "Who did what, in the audit log",
    "bans": "Bans",
    "comments": "Comments",
    "disclosure_subjects": "Demands: who they are about",
    "disclosures": "Demands",
    "erasures": "What was erased, until backups are gone",
    "feedback": "Feedback",
    "invitations": "Invitations",
    "looks": "Looks: under which promise",
    "notes": "Notes of moderators",
    "outbox": "Mail",
    "replaced_words": "Words that can be put back",
    "reports": "Reports",
    "rights_links": "Links to one's own data",
    "rights_requests": "Requests for one's own data",
    "sessions": "Sign-ins",
    "sorter_lessons": "What the sorter learnt",
    "trust": "Trusted people",
    "users": "Accounts: an address asked for",
}
_KINDS = {"ip": "IP address", "row": "which row", "account": "whose account", "content": "words"}


def held_title(table: str) -> str:
    """What a table holds, for a person."""
    return HELD.get(table, table.replace("_", " ").capitalize())


def kind_word(kind: str) -> str:
    """What a column of that kind holds."""
    return _KINDS.get(kind, kind)


def mail_name(template: str) -> str:
    """What a mail is called; one of another version keeps the name of its template."""
    return MAILS.get(template, template.replace("/", ": ").replace("_", " ").capitalize())


def sentence_of(kind: str, field: str | None) -> str:
    """What happened, as the words that follow a name."""
    for _title, kinds in GROUPS.values():
        if kind in kinds:
            return kinds[kind].format(field=FIELDS.get(field or "", field or "personal data"))
    return kind.replace(".", ": ").replace("_", " ").replace("-", " ")


def kinds_of(group: str) -> tuple[str, ...] | None:
    """The kinds of a group; `None` for what is no group."""
    return tuple(GROUPS[group][1]) if group in GROUPS else None
