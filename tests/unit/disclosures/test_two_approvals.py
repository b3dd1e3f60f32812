"""Nothing is given before two different accounts agreed to the very same words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Conflict, Forbidden, Unacceptable
from app.core.privacy import LookRefused, Need, Viewer, entries
from app.core.privacy.disclosures import (
    Disclosure,
    DisclosureApproval,
    DisclosureOutcome,
    Kind,
    Outcome,
    approve,
    bar,
    conclude,
    enter,
    reject,
    release,
)
from tests.people import make_member, make_trusted, member
from tests.unit.disclosures.conftest import BO, PAPER, demand

pytestmark = pytest.mark.database

As = Callable[[str], Viewer]


@pytest.mark.promise("two-approvals")
@pytest.mark.promise("two-approvals")
def test_one_approval_is_not_enough_however_often_it_is_given(entered: int, as_: As) -> None:
    for _time in range(3):
        approve(entered, as_("otto"))
    assert db.session.scalar(sa.select(sa.func.count(DisclosureApproval.id))) == 1
    with pytest.raises(Conflict, match="this one has 1"):
        release(entered, as_("otto"))
    assert not entries(kinds=("disclosure.released",))


def test_with_two_it_is_released_and_that_is_on_record_first(entered: int, as_: As) -> None:
    approve(entered, as_("otto"))
    approve(entered, as_("ona"))
    released = release(entered, as_("ona"))
    assert released.emails == (BO,)
    assert released.approvers == tuple(sorted((as_("otto").id, as_("ona").id)))
    (on_record,) = entries(kinds=("disclosure.released",))
    assert on_record.number == released.number
    assert on_record.actor_id == as_("ona").id
    assert BO not in str(released), "not even by accident"


def test_only_one_of_the_two_makes_the_file(entered: int, as_: As) -> None:
    make_member("odo", owner=True)
    make_trusted("odo")
    approve(entered, as_("otto"))
    approve(entered, as_("ona"))
    with pytest.raises(Forbidden):
        release(entered, as_("odo"))


def test_a_release_cannot_be_taken_back_with_a_transaction(entered: int, as_: As) -> None:
    approve(entered, as_("otto"))
    approve(entered, as_("ona"))
    with transaction(), pytest.raises(RuntimeError):
        release(entered, as_("ona"))


@pytest.mark.promise("two-approvals")
@pytest.mark.promise("two-approvals")
def test_an_approval_written_past_the_program_does_not_count(entered: int, as_: As) -> None:
    approve(entered, as_("otto"))
    with transaction() as session:
        terms = session.get_one(Disclosure, entered).terms
        forged = DisclosureApproval(
            disclosure_id=entered,
            terms=terms,
            user_id=as_("ona").id,
            approved_at=clock.now(),
            mac=bytes(32),
        )
        session.add(forged)
    with pytest.raises(Conflict, match="this one has 1"):
        release(entered, as_("otto"))


def test_an_entry_that_was_changed_has_lost_its_approvals(entered: int, as_: As) -> None:
    approve(entered, as_("otto"))
    approve(entered, as_("ona"))
    with transaction() as session:
        session.execute(sa.update(Disclosure).values(parts="name email content ip"))
    with pytest.raises(Conflict, match="approvals are void"):
        release(entered, as_("otto"))


@pytest.mark.promise("two-approvals")
@pytest.mark.promise("two-approvals")
@pytest.mark.parametrize(
    "second", ["nobody", "the same", "without a word"], ids=lambda text: text.replace(" ", "-")
)
def test_the_database_itself_takes_no_outcome_with_fewer(
    entered: int, as_: As, second: str
) -> None:
    approve(entered, as_("otto"))
    first_by = as_("otto").id
    second_by = {"nobody": None, "the same": first_by, "without a word": as_("ona").id}[second]
    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.add(
            DisclosureOutcome(
                disclosure_id=entered,
                terms=session.get_one(Disclosure, entered).terms,
                outcome=Outcome.COMPLIED,
                first_by=first_by,
                second_by=second_by,
                decided_by=first_by,
                decided_at=clock.now(),
            )
        )


def test_the_database_takes_no_approval_of_other_words_and_none_twice(
    entered: int, as_: As
) -> None:
    approve(entered, as_("otto"))
    terms = db.session.get_one(Disclosure, entered).terms
    for words, who in ((bytes(32), "ona"), (terms, "otto")):
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.add(
                DisclosureApproval(
                    disclosure_id=entered,
                    terms=words,
                    user_id=member(who).id,
                    approved_at=clock.now(),
                    mac=bytes(32),
                )
            )


def test_what_was_decided_is_not_decided_again(entered: int, as_: As) -> None:
    reject(entered, as_("ona"))
    for act in (approve, reject, release):
        with pytest.raises(Conflict):
            act(entered, as_("otto"))


def test_a_file_that_got_lost_is_made_again_and_the_outcome_stays(entered: int, as_: As) -> None:
    approve(entered, as_("otto"))
    approve(entered, as_("ona"))
    for outcome in (Outcome.PARTLY, Outcome.COMPLIED):
        released = release(entered, as_("ona"))
        conclude(released, as_("ona"), outcome, accounts=1, file_hash=PAPER)
    assert db.session.scalars(sa.select(DisclosureOutcome.outcome)).all() == [Outcome.PARTLY]
    assert len(entries(kinds=("disclosure.given",))) == 2


def test_a_demand_needs_its_paper_and_good_faith_its_reason(as_: As) -> None:
    for wrong in (
        {"document_hash": None},
        {"kind": Kind.GOOD_FAITH, "reason": ""},
        {"emails": ()},
    ):
        with pytest.raises(Unacceptable):
            enter(demand(**wrong), as_("otto"))
    for changed in ({"document_hash": None}, {"kind": "good_faith", "reason": None}):
        entry = enter(demand(), as_("otto"))
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.execute(sa.update(Disclosure).filter_by(id=entry.id).values(changed))


def test_whoever_may_not_look_may_not_keep_the_register(keepers: object, as_: As) -> None:
    make_member("bo")
    make_member("una", owner=True)
    for who, need in (("bo", Need.ROLE), ("una", Need.AGREEMENT)):
        with pytest.raises(LookRefused) as refused:
            enter(demand(), as_(who))
        assert refused.value.need is need


def test_silence_ends_on_a_day_to_come(entered: int, as_: As) -> None:
    today = clock.now().date()
    with pytest.raises(Unacceptable):
        bar(entered, today, as_("otto"))
    bar(entered, today + timedelta(days=30), as_("otto"))
    bar(entered, None, as_("otto"))
    assert db.session.get_one(Disclosure, entered).barred_until is None
