"""The control API, and what a test can make go wrong."""
