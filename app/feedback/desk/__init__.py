"""The desk of the feedback room: what its moderators and administrators see and do."""
