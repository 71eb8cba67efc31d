"""The client and its resources, written once; the blocking twins in `_sync` are derived from here by `make derive`."""
