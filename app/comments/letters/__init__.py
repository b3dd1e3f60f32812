"""What goes out by mail about a conversation, and who asked for it."""
