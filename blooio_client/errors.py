# Generated from openapi/ by `make generate`. Do not edit.
"""Every error that the client raises."""

from blooio_overrides.errors import *
