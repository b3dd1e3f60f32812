"""Conversations under posts: read, written, changed and taken back by their authors.

Others may use `Comment` and `State`, read a thread with `visible_comments`, and listen to
`comment_shown`, which is sent after the commit with the `id` of a comment that became public.
"""

from .models import Comment, State
from .placing import comment_shown
from .queries import visible_comments

__all__ = ["Comment", "State", "comment_shown", "visible_comments"]
