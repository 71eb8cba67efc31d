# Generated from openapi/ by `make generate`. Do not edit.
"""Deliveries of events: signatures verified, bodies read as typed events."""

from blooio_overrides.webhooks import *
