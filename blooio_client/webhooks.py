# Generated from openapi/ by `make generate`. Do not edit.
"""Webhook deliveries: verify signatures and read bodies as typed events."""

import blooio_overrides.webhooks as _webhooks
from blooio_overrides.webhooks import *

for _name in _webhooks.__all__:  # so that tracebacks and help say `blooio_client.webhooks.Receiver`
    getattr(_webhooks, _name).__module__ = __name__
