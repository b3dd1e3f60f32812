"""The moderators' list: what waits, one button for each decision, and the way back."""

from urllib.parse import parse_qsl

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.core.web import right, viewer
from app.desk import (
    DecideForm,
    Doing,
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
from .bulk import all_page, decide_all_in
from .deciding import decide, undo
from .finding import find
from .forms import AllForm
from .headlines import list_address
from .pages import changed_page, queue_page, strip
from .sieve import Sieve

bp = Blueprint("comments_admin", __name__, url_prefix="/admin/comments")

START = "queue"


@bp.get("/")
@right("moderate")
def index() -> str:
    """The comments of the viewer's blogs, those that wait first."""
    done = strip(viewer(), request.args.get("done", ""), request.args.get("left", ""))
    choose = request.args.get("choose") == "page"
    page = queue_page(viewer(), Sieve.read(request.args), choose=choose, done=done)
    return render_template("comments/admin_index.html", **page, **keys_part(viewer().id))


@bp.post("/decide/")
@right("moderate")
def decide_some() -> ResponseReturnValue:
    """Decide on one comment or on the chosen ones, and go on with the next."""
    form = DecideForm()
    form.must_hold()
    doing, sieve = form.doing(request.form.getlist("chosen"), Act), sieve_of(form.back.data)
    done = decide(viewer(), Act(doing.act), doing.marks)
    if not doing.is_bulk and done.clashes:
        return changed(done, sieve)
    return redirect(onward(sieve, done, following(doing, form.order.data)), 303)


@bp.route("/all/", methods=["GET", "POST"])
@right("moderate")
def decide_all() -> ResponseReturnValue:
    """Decide on everything in a list, after a look at what that is."""
    form = AllForm()
    sieve = sieve_of(form.back.data) if request.method == "POST" else Sieve.read(request.args)
    page = all_page(viewer(), sieve.but())
    if request.method == "GET":
        return render_template("comments/admin_bulk.html", **page)
    form.must_hold()
    done = decide_all_in(viewer(), form.act(), sieve.but(), form.seen.data or "")
    if done is None:
        return render_template("comments/admin_bulk.html", **page | {"changed": True}), 409
    return redirect(onward(sieve.but(), done, None), 303)


@bp.post("/undo/")
@right("moderate")
def take_back() -> ResponseReturnValue:
    """Undo the act just done."""
    form = UndoForm()
    form.must_hold()
    ids = undo(viewer(), form.name())
    return redirect(f"{told(list_address(sieve_of(form.back.data)), done='undone')}#c{ids[0]}", 303)


@bp.route("/find/", methods=["GET", "POST"])
@right("moderate")
def search() -> ResponseReturnValue:
    """Find comments by email or address, which stay under their masks."""
    form = SearchForm()
    may_find_addresses = viewer().has_right("administer")
    values = {"form": form, "may_find_addresses": may_find_addresses, "nothing": False}
    values |= {"action": request.path, "back_to": list_address(Sieve())}
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
    form = KeysForm()
    form.must_hold()
    keep_keys(viewer().id, request.form, is_on=form.keys.data != "off")
    return redirect(f"{list_address(sieve_of(form.back.data))}#keys", 303)


def sieve_of(query: str | None) -> Sieve:
    """The list that a form came from."""
    return Sieve.read(dict(parse_qsl(query or "")))


def onward(sieve: Sieve, done: Done, next_id: int | None) -> str:
    """The list again, at the next comment, with what was done and the way back."""
    address = told(list_address(sieve), done=done.batch, left=len(done.clashes))
    return f"{address}#{f'c{next_id}' if next_id else START}"


def following(doing: Doing, order: str | None) -> int | None:
    """The comment to go on with."""
    return next_after(order_of(order), {mark.id for mark in doing.marks})


def changed(done: Done, sieve: Sieve, kept: str = "") -> tuple[str, int]:
    """The page that says somebody was faster, with what was typed."""
    page = changed_page(done.clashes[0], sieve)
    return render_template("desk/changed.html", **page, kept=kept), 409
