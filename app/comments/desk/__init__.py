"""The moderators' half: the queue, the page of one item, deciding, and taking back."""
