"""The signature of a delivery: `X-Blooio-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "{t}.{raw body}">`.

The key is the whole secret as UTF-8, its `whsec_` prefix included (docs.blooio.com/guides/webhook-signatures).
"""

from __future__ import annotations

import hashlib
import hmac
import time


def sign(body: bytes | str, secret: str, timestamp: int | None = None) -> str:
    """Return the signature header's value for a body, as Blooio would send it; for tests and sandboxes.

    Args:
        body: The raw body, byte for byte as it will be sent.
        secret: The webhook's signing secret (`whsec_...`).
        timestamp: Unix seconds; now, if not given.
    """
    seconds = int(time.time()) if timestamp is None else timestamp
    return f"t={seconds},v1={digest(body, secret, str(seconds))}"


def digest(body: bytes | str, secret: str, timestamp: str) -> str:
    """Return the hex HMAC-SHA256 of a timestamp and a body."""
    raw = body.encode() if isinstance(body, str) else body
    return hmac.new(secret.encode(), timestamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
