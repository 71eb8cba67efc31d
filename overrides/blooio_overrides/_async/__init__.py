"""The client and its resources. `_async` is written by hand; `make derive` writes `_sync` from it."""
