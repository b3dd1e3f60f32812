"""What other floors may want to hear of."""

from blinker import signal

#: Sent after an account was closed, with `user_id` and `forgets_name`: whether what its
#: person wrote shall lose their name too.
account_closed = signal("account-closed")
