"""Taking what is asked for: the same few statements whoever is meant, and nothing looked up."""

from app.core import clock
from app.core.database import transaction
from app.core.errors import TooMany
from app.core.limits import set_rates, take
from app.core.privacy import seal

from .models import Request
from .wishes import Wish

#: From one network, and from everybody together. Addresses are counted when they are answered.
SOURCE, EVERYBODY = "my-data", "my-data of all"
set_rates(SOURCE, ("10/hour",))
set_rates(EVERYBODY, ("600/hour",))


def ask(email: str, wish: Wish, ip: str) -> None:
    """Queue a request, to be answered by mail; what is over a limit is let go without a word.

    Neither the address it came from nor whether the email is known is stored or asked.
    """
    try:
        with transaction() as session:
            take(SOURCE, ip)
            take(EVERYBODY, "")
            at = clock.now()
            session.add(Request(wish=wish, email=seal(email), created_at=at, due_at=at))
    except TooMany:
        # Told so, a visitor would learn nothing useful, and a prober something.
        return
