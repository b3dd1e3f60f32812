"""Blogs and their posts, read from `content/blogs` and listed every way readers look for them.

Others may use `Blog`, `Post`, `published_post` and `blog_of`, compose the page of a post with
`render_post`, and keep the number of its comments with `count_comments`.
What is sent to the site itself is kept in the room `feedback_room_id()`.
"""

from .counts import count_comments
from .models import Blog, Post
from .pages import blog_of, feedback_room_id, render_post
from .queries import published_post

__all__ = [
    "Blog",
    "Post",
    "blog_of",
    "count_comments",
    "feedback_room_id",
    "published_post",
    "render_post",
]
