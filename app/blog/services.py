"""What a changed content file does to blogs, authors and posts."""

from collections.abc import Set

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.content import ContentProblem

from .models import Author, Blog, Listing, Post, PostAlias, Shelf
from .reading import AuthorDraft, BlogDraft, PostDraft

_NEW_LISTINGS = sa.insert(Listing.__table__)  # type: ignore[arg-type]  # it is a Table
#: The place of a listing that `settle_listings` has not numbered yet; no list shows it.
UNSETTLED = 0


def apply_blog(session: Session, source: str, draft: BlogDraft, _gone: Set[str]) -> None:
    """Store a blog; one that was removed comes back with its posts."""
    blog = session.scalar(sa.select(Blog).where(Blog.slug == draft.slug)) or Blog(slug=draft.slug)
    blog.source = source
    blog.title = draft.title
    blog.description = draft.description
    blog.rank = draft.rank
    blog.per_page = draft.per_page
    blog.removed_at = None
    session.add(blog)


def remove_blog(session: Session, source: str) -> None:
    """Take a blog down; its address answers that it is gone."""
    session.execute(sa.update(Blog).where(Blog.source == source).values(removed_at=clock.now()))


def apply_author(session: Session, source: str, draft: AuthorDraft, gone: Set[str]) -> None:
    """Store an author. Raises `ContentProblem` when another file has the name already."""
    holder = session.scalar(sa.select(Author).where(Author.slug == draft.slug))
    if holder and holder.source != source and holder.source not in gone:
        raise ContentProblem(f"has the same slug as {holder.source}")
    author = holder or session.scalar(sa.select(Author).where(Author.source == source)) or Author()
    if author.id and (author.slug, author.name) != (draft.slug, draft.name):
        _rename_author(session, author.slug, draft)
    author.slug = draft.slug
    author.source = source
    author.name = draft.name
    author.role = draft.role
    author.bio_html = draft.bio_html
    author.links = draft.links
    session.add(author)


def remove_author(session: Session, source: str) -> None:
    """Forget an author. Posts keep the slug, and show no name for it."""
    session.execute(sa.delete(Author).where(Author.source == source))


def apply_post(session: Session, source: str, draft: PostDraft, gone: Set[str]) -> None:
    """Store a post and list it.

    A renamed file keeps its row, and so everything said under it; a slug it had
    before leads to the new one. Raises `ContentProblem` for an unknown blog or
    author, and for a slug another file already has.
    """
    blog_id = session.scalar(sa.select(Blog.id).where(Blog.slug == draft.blog))
    if blog_id is None:
        raise ContentProblem(f"blogs/{draft.blog}/blog.toml is missing or cannot be used")
    authors = _known_authors(session, draft.authors)
    post = _row_for(session, blog_id, source, draft, gone)
    is_new = post.id is None
    if not is_new and post.slug != draft.slug:
        _keep_alias(session, blog_id, post.slug, post.id)
    post.blog_id = blog_id
    post.source = source
    post.slug = draft.slug
    for column, value in draft.values.items():
        setattr(post, column, value)
    post.authors = authors
    session.add(post)
    session.flush()
    for alias in draft.aliases:
        _keep_alias(session, blog_id, alias, post.id)
    session.execute(
        sa.delete(PostAlias).where(PostAlias.blog_id == blog_id, PostAlias.slug == draft.slug)
    )
    _list(session, post, is_new=is_new)


def remove_post(session: Session, source: str) -> None:
    """Take a post down; its address answers that it is gone."""
    post = session.scalar(sa.select(Post).where(Post.source == source, Post.removed_at.is_(None)))
    if post is None:
        return
    post.removed_at = clock.now()
    session.execute(sa.delete(Listing).where(Listing.post_id == post.id))


def settle_listings(session: Session) -> None:
    """Take what has expired off the shelves, and number the places anew where they moved."""
    expired = sa.select(Post.id).where(Post.unpublish_at <= clock.now())
    session.execute(sa.delete(Listing).where(Listing.post_id.in_(expired)))
    order = (Listing.published_at, Listing.post_id)
    shelf = (Listing.blog_id, Listing.shelf, Listing.key)
    ranked = sa.select(
        Listing.id, sa.func.row_number().over(partition_by=shelf, order_by=order).label("place")
    ).subquery()
    session.execute(
        sa.update(Listing)
        .where(Listing.id == ranked.c.id, Listing.place != ranked.c.place)
        .values(place=ranked.c.place)
        .execution_options(synchronize_session=False)
    )


def has_expired(session: Session) -> bool:
    """Whether a listed post's time is over."""
    listed = sa.select(Listing.id).join(Post).where(Post.unpublish_at <= clock.now()).limit(1)
    return session.scalar(listed) is not None


def _known_authors(session: Session, slugs: tuple[str, ...]) -> list[dict[str, str]]:
    """The authors as posts show them, in the order of the file."""
    rows = session.execute(sa.select(Author.slug, Author.name).where(Author.slug.in_(slugs)))
    names = {row.slug: row.name for row in rows}
    for slug in slugs:
        if slug not in names:
            raise ContentProblem(f"the author {slug} has no file in authors/")
    return [{"slug": slug, "name": names[slug]} for slug in slugs]


def _rename_author(session: Session, slug: str, draft: AuthorDraft) -> None:
    """Show an author's new name over the posts that are already there."""
    new = {"slug": draft.slug, "name": draft.name}
    posts = sa.select(Post).join(Listing, Listing.post_id == Post.id)
    for post in session.scalars(posts.where(Listing.shelf == Shelf.AUTHOR, Listing.key == slug)):
        post.authors = [new if author["slug"] == slug else author for author in post.authors]
        _list(session, post, is_new=False)


def _row_for(session: Session, blog_id: int, source: str, draft: PostDraft, gone: Set[str]) -> Post:
    """The row this file's post has or had, or a new one."""
    digest = draft.values["digest"]
    is_kin = sa.or_(Post.slug.in_([draft.slug, *draft.aliases]), Post.digest == digest)
    known = session.scalars(
        sa.select(Post).where(
            sa.or_(sa.and_(Post.blog_id == blog_id, is_kin), Post.source == source)
        )
    ).all()

    def is_free(post: Post) -> bool:
        return post.removed_at is not None or post.source in gone

    mine = next((post for post in known if post.source == source and not post.removed_at), None)
    here = [post for post in known if post.blog_id == blog_id]
    holder = next((post for post in here if post.slug == draft.slug), None)
    if holder is None:
        # A renamed file has the same content, or names its old slug as an alias.
        renamed = next((post for post in here if post.source != source and is_free(post)), None)
        return mine or renamed or Post()
    if holder is mine:
        return holder
    if not is_free(holder):
        raise ContentProblem(f"has the same address as {holder.source}")
    if mine is None:
        return holder
    # The slug of a post that is gone: what is left of it makes room.
    holder.slug = f"{holder.slug[:100]}-{holder.id}-removed"
    session.flush()
    return mine


def _keep_alias(session: Session, blog_id: int, slug: str, post_id: int) -> None:
    session.execute(
        sa.delete(PostAlias).where(PostAlias.blog_id == blog_id, PostAlias.slug == slug)
    )
    session.execute(sa.insert(PostAlias).values(blog_id=blog_id, slug=slug, post_id=post_id))


def _list(session: Session, post: Post, *, is_new: bool) -> None:
    """Put the post on every shelf it belongs to, and on no other.

    A place it has stays until `settle_listings`, so that no list shows a gap meanwhile;
    on a new shelf it has none yet.
    """
    wanted = {} if post.is_draft else _shelves(post)
    listed = sa.select(Listing).where(Listing.post_id == post.id)
    for listing in () if is_new else session.scalars(listed):
        name = wanted.pop((listing.shelf, listing.key), None)
        if name is None:
            session.delete(listing)
            continue
        listing.blog_id = post.blog_id
        listing.name = name
        listing.published_at = post.published_at
    rows = [
        {
            "blog_id": post.blog_id,
            "post_id": post.id,
            "shelf": shelf,
            "key": key,
            "name": name,
            "published_at": post.published_at,
            "place": UNSETTLED,
        }
        for (shelf, key), name in wanted.items()
    ]
    if rows:
        session.execute(_NEW_LISTINGS, rows)


def _shelves(post: Post) -> dict[tuple[str, str], str]:
    """The shelves of a post: kind and key, and what the key is called."""
    shelves = {(Shelf.BLOG.value, ""): ""}
    shelves |= {(Shelf.TAG.value, tag["slug"]): tag["name"] for tag in post.tags}
    shelves |= {(Shelf.AUTHOR.value, person["slug"]): person["name"] for person in post.authors}
    shelves[Shelf.YEAR.value, f"{post.published_on:%Y}"] = ""
    shelves[Shelf.MONTH.value, f"{post.published_on:%Y-%m}"] = ""
    return shelves
