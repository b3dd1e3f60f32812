"""The form of the contact page: feedback like any other, and a private message for good."""
