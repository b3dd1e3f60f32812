"""Promises: sentences of the policy, each with what keeps it, its tests and a daily check."""
