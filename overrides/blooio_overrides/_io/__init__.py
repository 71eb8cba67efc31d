"""Connections, deadlines and waiting: the only code that is written by hand for both sync and async."""
