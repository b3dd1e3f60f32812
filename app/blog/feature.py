"""The card of the blogs."""

import re

from app.core.content import ContentKind
from app.core.registry import Feature, SearchSource

from .addresses import BlogConverter
from .models import Blog
from .pages import every_blog, feed_links, latest_posts, shown_blogs
from .publishing import SOURCE, feed_of, public_documents, suggestions
from .queries import all_blogs, post_fingerprints, post_locations
from .reading import read_author, read_blog, read_post
from .services import (
    apply_author,
    apply_blog,
    apply_post,
    blog_of,
    remove_author,
    remove_blog,
    remove_post,
)
from .shelving import has_expired, settle_listings
from .views import bp

FEATURE = Feature(
    name="blog",
    converters={"blog": BlogConverter},
    blueprints=(bp,),
    content_kinds=(
        ContentKind(
            name="author",
            pattern=re.compile(r"authors/[^/]+\.md"),
            prepare=read_author,
            apply=apply_author,
            remove=remove_author,
        ),
        ContentKind(
            name="blog",
            pattern=re.compile(r"blogs/[^/]+/blog\.toml"),
            prepare=read_blog,
            apply=apply_blog,
            remove=remove_blog,
            claim=blog_of,
        ),
        ContentKind(
            name="post",
            pattern=re.compile(r"blogs/[^/]+/posts/.+\.md"),
            prepare=read_post,
            apply=apply_post,
            remove=remove_post,
            settle=settle_listings,
            is_due=has_expired,
        ),
    ),
    content_parts={
        "blogs_and_rooms": all_blogs,
        "every_blog": every_blog,
        "blogs": shown_blogs,
        "feed_links": feed_links,
    },
    content_rows=(Blog,),
    page_parts={"latest_posts": latest_posts, "suggestions": suggestions},
    feeds=(feed_of,),
    sitemap=(post_locations,),
    search=(SearchSource(name=SOURCE, fingerprints=post_fingerprints, documents=public_documents),),
)
