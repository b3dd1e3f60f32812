"""Which first parts of an address are blogs: asked of the database, so always current."""

from werkzeug.routing import BaseConverter, ValidationError

from app.core.web import page_part

from .models import Blog


class BlogConverter(BaseConverter):
    """Matches the slug of a blog and gives the `Blog`; anything else is left to other rules."""

    regex = "[a-z0-9-]{1,120}"

    def to_python(self, value: str) -> Blog:
        """The blog of that slug, removed ones included: their addresses say that they are gone."""
        for blog in page_part("every_blog"):
            if blog.slug == value:
                return blog
        raise ValidationError

    def to_url(self, value: Blog | str) -> str:
        """The slug."""
        return value if isinstance(value, str) else value.slug
