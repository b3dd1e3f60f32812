"""What others may listen to. Sent after the commit, with the `number` of the feedback."""

from blinker import signal

#: A feedback has become public, or is public in another way than before.
feedback_published = signal("feedback_published")
#: It is no longer public.
feedback_withdrawn = signal("feedback_withdrawn")
