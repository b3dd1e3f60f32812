"""The room's list: what waits, one button for each decision, and the way back."""

from urllib.parse import parse_qsl

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.core.web import right, viewer
from app.desk import (
    DecideForm,
    Done,
    KeysForm,
    Kinship,
    SearchForm,
    UndoForm,
    keep_keys,
    keys_part,
    next_after,
    order_of,
    told,
)

from .acts import Act
from .deciding import decide, undo
from .finding import find
from .headlines import list_address
from .pages import changed_page, list_page, strip
from .queries import room_of
from .sieve import Sieve

bp = Blueprint("feedback_admin", __name__, url_prefix="/admin/feedback")

START = "queue"


@bp.get("/")
@right("moderate")
def index() -> str:
    """The feedback of the room, what waits first."""
    room_of(viewer())
    done = strip(viewer(), request.args.get("done", ""), request.args.get("left", ""))
    choose = request.args.get("choose") == "page"
    page = list_page(viewer(), Sieve.read(request.args), choose=choose, done=done)
    return render_template("feedback/desk/index.html", **page, **keys_part(viewer().id))


@bp.post("/decide/")
@right("moderate")
def decide_some() -> ResponseReturnValue:
    """Decide on one feedback or on the chosen ones, and go on with the next."""
    room_of(viewer())
    form = DecideForm()
    form.must_hold()
    doing, sieve = form.doing(request.form.getlist("chosen"), Act), sieve_of(form.back.data)
    done = decide(viewer(), Act(doing.act), doing.marks)
    if not doing.is_bulk and done.clashes:
        return changed(done, sieve)
    following = next_after(order_of(form.order.data), {mark.id for mark in doing.marks})
    return redirect(onward(sieve, done, following), 303)


@bp.post("/undo/")
@right("moderate")
def take_back() -> ResponseReturnValue:
    """Undo the act just done."""
    room_of(viewer())
    form = UndoForm()
    form.must_hold()
    ids = undo(viewer(), form.name())
    return redirect(f"{told(list_address(sieve_of(form.back.data)), done='undone')}#c{ids[0]}", 303)


@bp.route("/find/", methods=["GET", "POST"])
@right("moderate")
def search() -> ResponseReturnValue:
    """Find feedback by email or address, which stay under their masks."""
    room = room_of(viewer())
    form = SearchForm()
    values = {
        "form": form,
        "may_find_addresses": viewer().administers(room),
        "nothing": False,
        "action": request.path,
        "back_to": list_address(Sieve()),
    }
    if request.method == "GET":
        return render_template("desk/search.html", **values)
    if not form.validate():
        return render_template("desk/search.html", **values), 422
    found = find(viewer(), Kinship(form.kind.data), form.text.data or "")
    if found is None:
        return render_template("desk/search.html", **values | {"nothing": True})
    return redirect(list_address(found), 303)


@bp.post("/keys/")
@right("moderate")
def change_keys() -> ResponseReturnValue:
    """Keep the viewer's own keys, or switch keys off."""
    room_of(viewer())
    form = KeysForm()
    form.must_hold()
    keep_keys(viewer().id, request.form, is_on=form.keys.data != "off")
    return redirect(f"{list_address(sieve_of(form.back.data))}#keys", 303)


def sieve_of(query: str | None) -> Sieve:
    """The list that a form came from."""
    return Sieve.read(dict(parse_qsl(query or "")))


def onward(sieve: Sieve, done: Done, next_id: int | None) -> str:
    """The list again, at the next feedback, with what was done and the way back."""
    address = told(list_address(sieve), done=done.batch, left=len(done.clashes))
    return f"{address}#{f'c{next_id}' if next_id else START}"


def changed(done: Done, sieve: Sieve, kept: str = "") -> tuple[str, int]:
    """The page that says somebody was faster, with what was typed."""
    page = changed_page(done.clashes[0], sieve)
    return render_template("desk/changed.html", **page, kept=kept), 409
