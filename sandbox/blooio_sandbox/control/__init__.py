"""The control API, and the faults that a test can inject."""
