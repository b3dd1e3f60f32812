"""What `flask doctor` asks about mail."""

from flask import current_app

from app.core.registry import Check, Finding

from .desk import counted, is_kept_here
from .outbox import MailState
from .transport import MailServer, Undelivered


def mail() -> Finding:
    """The mail server takes what we give it, or mail is kept as files and that is meant."""
    if is_kept_here():
        told = "No mail server is set: mail is kept as files in outbox/."
        is_public = current_app.config["BASE_URL"].startswith("https://")
        fix = "set CLIENTFLOW_SMTP_URL and CLIENTFLOW_MAIL_FROM"
        return Finding("warn" if is_public else "ok", told, fix)
    server = MailServer(current_app.config["SMTP_URL"])
    try:
        server.knock()
    except Undelivered as problem:
        return Finding("fail", problem.sentence, "check CLIENTFLOW_SMTP_URL")
    finally:
        server.leave()
    given_up = counted()[MailState.GIVEN_UP]
    if given_up:
        told = f"The mail server answers, and {given_up} mails were given up."
        return Finding("warn", told, "flask mail list")
    return Finding("ok", "The mail server answers.")


MAIL_CHECKS = (Check("mail", mail),)
