# Derived from ../_async/__init__.py by `make derive`. Do not edit.
"""The client and its resources, written once; the blocking twins in `_sync` are derived from here by `make derive`."""
