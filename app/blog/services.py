"""What a changed content file does to blogs, authors and posts."""

from collections.abc import Set

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.content import ContentProblem

from .models import Author, Blog, Listing, Post, PostAlias, Shelf
from .reading import AuthorDraft, BlogDraft, PostDraft
from .shelving import list_post

#: How the slug ends of a post whose address another one took.
PARKED = "-removed"


def blog_of(path: str) -> str | None:
    """The first part of the addresses of a `blog.toml`'s blog."""
    return path.split("/")[1]


def apply_blog(session: Session, source: str, draft: BlogDraft, _gone: Set[str]) -> None:
    """Store a blog; one that was removed comes back with its posts."""
    known = sa.select(Blog).where(Blog.slug == draft.slug, Blog.is_room.is_(False))
    blog = session.scalar(known) or Blog(slug=draft.slug)
    blog.source = source
    blog.title = draft.title
    blog.description = draft.description
    blog.rank = draft.rank
    blog.per_page = draft.per_page
    blog.comments_open = draft.comments_open
    blog.comments_days = draft.comments_days
    blog.removed_at = None
    session.add(blog)


def remove_blog(session: Session, source: str) -> list[str]:
    """Take a blog down; its address answers that it is gone. Its posts' files are to be told."""
    session.execute(sa.update(Blog).where(Blog.source == source).values(removed_at=clock.now()))
    posts = sa.select(Post.source).join(Blog).where(Blog.source == source)
    return list(session.scalars(posts.where(Post.removed_at.is_(None))))


def apply_author(session: Session, source: str, draft: AuthorDraft, gone: Set[str]) -> list[str]:
    """Store an author. Files of posts that use a slug they gave up are to be read again.

    Raises `ContentProblem` when another file has the name already.
    """
    holder = session.scalar(sa.select(Author).where(Author.slug == draft.slug))
    if holder and holder.source != source and holder.source not in gone:
        raise ContentProblem(f"has the same slug as {holder.source}")
    before = session.scalar(sa.select(Author).where(Author.source == source))
    given_up = before.slug if before and before.slug != draft.slug else None
    if before and before is not holder and holder:
        session.delete(before)
    author = holder or before or Author()
    author.slug = draft.slug
    author.source = source
    author.name = draft.name
    author.role = draft.role
    author.bio_html = draft.bio_html
    author.links = draft.links
    session.add(author)
    session.flush()
    _rename_author(session, draft)
    return _sources_by(session, given_up) if given_up else []


def remove_author(session: Session, source: str) -> list[str]:
    """Forget an author; files of posts that name them are to be told. Bylines stay till then."""
    slug = session.scalar(sa.select(Author.slug).where(Author.source == source))
    session.execute(sa.delete(Author).where(Author.source == source))
    return _sources_by(session, slug) if slug else []


def apply_post(session: Session, source: str, draft: PostDraft, gone: Set[str]) -> list[str]:
    """Store a post and list it. A file that named its slug as an alias is to be read again.

    A renamed file keeps its row, and so everything said under it; an address it had
    before leads to the new one. Raises `ContentProblem` for an unknown blog or
    author, and for an address another file already has.
    """
    blog_id = _blog_called(session, draft.blog)
    if blog_id is None:
        raise ContentProblem(f"blogs/{draft.blog}/blog.toml is missing or cannot be used")
    authors = _known_authors(session, draft)
    post = _row_for(session, blog_id, source, draft, gone)
    is_new = post.id is None
    has_moved = (post.blog_id, post.slug) != (blog_id, draft.slug)
    if has_moved and not is_new and not _is_parked(post):
        _keep_alias(session, post.blog_id, post.slug, post.id)
    post.blog_id = blog_id
    post.source = source
    post.slug = draft.slug
    for column, value in draft.values.items():
        setattr(post, column, value)
    post.authors = authors
    session.add(post)
    session.flush()
    _keep_aliases(session, post, draft, gone)
    list_post(session, post, is_new=is_new)
    return _freed_of_alias(session, post)


def remove_post(session: Session, source: str) -> None:
    """Take a post down; its address answers that it is gone."""
    post = session.scalar(sa.select(Post).where(Post.source == source, Post.removed_at.is_(None)))
    if post is None:
        return
    post.removed_at = clock.now()
    session.execute(sa.delete(Listing).where(Listing.post_id == post.id))


def _blog_called(session: Session, slug: str) -> int | None:
    known = sa.select(Blog.id).where(Blog.slug == slug, Blog.is_room.is_(False))
    return session.scalar(known.where(Blog.removed_at.is_(None)))


def _known_authors(session: Session, draft: PostDraft) -> list[dict[str, str]]:
    """The authors as posts show them, in the order of the file."""
    slugs = draft.authors
    rows = session.execute(sa.select(Author.slug, Author.name).where(Author.slug.in_(slugs)))
    names = {row.slug: row.name for row in rows}
    for slug in slugs:
        if slug not in names:
            raise draft.problem("authors", f"the author {slug} has no file in authors/")
    return [{"slug": slug, "name": names[slug]} for slug in slugs]


def _rename_author(session: Session, draft: AuthorDraft) -> None:
    """Show an author's new name over the posts that are already there."""
    listed = sa.and_(Listing.shelf == Shelf.AUTHOR.value, Listing.key == draft.slug)
    posts = sa.select(Post).join(Listing, Listing.post_id == Post.id)
    for post in session.scalars(posts.where(listed, Listing.name != draft.name)).all():
        post.authors = [
            author | {"name": draft.name} if author["slug"] == draft.slug else author
            for author in post.authors
        ]
        list_post(session, post)


def _sources_by(session: Session, author: str) -> list[str]:
    """The files of the posts that name an author, drafts included."""
    names = sa.cast(Post.authors, sa.Text).contains(f'"slug": "{author}"', autoescape=True)
    return list(session.scalars(sa.select(Post.source).where(names, Post.removed_at.is_(None))))


def _row_for(session: Session, blog_id: int, source: str, draft: PostDraft, gone: Set[str]) -> Post:
    """The row this file's post has or had, or a new one."""
    digest = draft.values["digest"]
    names = [draft.slug, *(slug for blog, slug in draft.aliases if blog == draft.blog)]
    is_here = sa.and_(Post.blog_id == blog_id, Post.slug.in_(names))
    known = session.scalars(
        sa.select(Post).where(sa.or_(is_here, Post.digest == digest, Post.source == source))
    ).all()

    def is_free(post: Post) -> bool:
        # From another blog a post comes along only while its file moves.
        is_past = post.blog_id == blog_id and post.removed_at is not None
        return post.source in gone or is_past

    mine = next((post for post in known if post.source == source and not post.removed_at), None)
    holder = next(
        (post for post in known if post.blog_id == blog_id and post.slug == draft.slug), None
    )
    if holder is None:
        # A renamed file has the same content, or names its old slug as an alias.
        renamed = next((post for post in known if post.source != source and is_free(post)), None)
        return mine or renamed or Post()
    if holder is mine:
        return holder
    if not is_free(holder):
        raise draft.problem("slug", f"has the same address as {holder.source}")
    if mine is None:
        return holder
    # The slug of a post that is gone: what is left of it makes room.
    holder.slug = f"{holder.slug[:100]}-{holder.id}{PARKED}"
    session.flush()
    return mine


def _is_parked(post: Post) -> bool:
    return post.slug.endswith(f"-{post.id}{PARKED}")


def _keep_aliases(session: Session, post: Post, draft: PostDraft, gone: Set[str]) -> None:
    """Let the old addresses that the file names lead to the post."""
    for blog, slug in draft.aliases:
        known = sa.select(Blog.id).where(Blog.slug == blog, Blog.is_room.is_(False))
        blog_id = session.scalar(known)
        if blog_id is None:
            raise draft.problem("aliases", f"the alias {slug} is of {blog}, which is no blog")
        others = sa.select(Post.source).where(
            Post.blog_id == blog_id, Post.slug == slug, Post.removed_at.is_(None)
        )
        for source in session.scalars(others.where(Post.id != post.id)):
            if source not in gone:
                raise draft.problem("aliases", f"the alias {slug} is the address of {source}")
        _keep_alias(session, blog_id, slug, post.id)


def _keep_alias(session: Session, blog_id: int, slug: str, post_id: int) -> None:
    session.execute(
        sa.delete(PostAlias).where(PostAlias.blog_id == blog_id, PostAlias.slug == slug)
    )
    session.execute(sa.insert(PostAlias).values(blog_id=blog_id, slug=slug, post_id=post_id))


def _freed_of_alias(session: Session, post: Post) -> list[str]:
    """Take the post's own address from whom it was an alias of; the files of those."""
    here = (PostAlias.blog_id == post.blog_id, PostAlias.slug == post.slug)
    owners = sa.select(Post.source).join(PostAlias, PostAlias.post_id == Post.id)
    sources = session.scalars(
        owners.where(*here, Post.id != post.id, Post.removed_at.is_(None))
    ).all()
    session.execute(sa.delete(PostAlias).where(*here))
    return list(sources)
