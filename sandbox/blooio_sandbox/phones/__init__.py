"""The other side of a conversation."""
