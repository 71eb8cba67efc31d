# Derived from ../_async/__init__.py by `make derive`. Do not edit.
"""The client and its resources. `_async` is written by hand; `make derive` writes `_sync` from it."""
