"""Blogs and their posts, read from `content/blogs` and listed every way readers look for them.

Others may use `Blog`, `Post`, `published_post` and `blog_of`, compose the page of a post with
`render_post`, and keep the number of its comments with `lock_posts` and `count_comments`.
"""

from .counts import count_comments, lock_posts
from .models import Blog, Post
from .pages import blog_of, render_post
from .queries import published_post

__all__ = [
    "Blog",
    "Post",
    "blog_of",
    "count_comments",
    "lock_posts",
    "published_post",
    "render_post",
]
