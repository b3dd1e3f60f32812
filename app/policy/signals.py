"""What the policy tells others."""

from blinker import signal

#: Sent after a version was published, with its `number`.
policy_changed = signal("policy-changed")
