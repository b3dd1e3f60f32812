"""The wall: what is public of feedback, for readers, feed readers and search engines."""
