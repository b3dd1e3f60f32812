"""Blogs and their posts, read from `content/blogs` and listed every way readers look for them.

Others may use `Blog`, `Post` and `published_post`.
"""

from .models import Blog, Post
from .queries import published_post

__all__ = ["Blog", "Post", "published_post"]
