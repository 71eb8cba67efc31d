"""Idempotency keys: the same key, the same message, however often it is sent.

The service answers a repeated key with the first message's ids, and sends nothing (docs.blooio.com/idempotency).
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Final

from blooio_client.types import Secret

from .arguments import checked_header_value, refuse

HEADER = "idempotency-key"

RETRY_WINDOW: Final = datetime.timedelta(hours=20)
"""How long after its first attempt something is tried again under the same idempotency key.

Blooio reportedly remembers a key for 24 hours and does not document it. A retry near that limit could send the message
a second time, so receiver and outbox stop four hours earlier.
"""


def idempotency_key_for(*parts: object) -> str:
    """Return the key of a send that your business knows by its own ids, such as ("campaign-7", recipient).

    The same parts give the same key, after a restart and on any machine: nothing in it depends on time or chance.

    Args:
        parts: At least one id: strings, whole numbers, or anything whose `str()` is its id, such as a `ChatId`.

    Raises:
        InvalidArgumentError: There is no part, or a part is None, blank, a number with a fraction, or an object whose
            text is no lasting id, such as a set or a model.
    """
    if not parts:
        refuse("idempotency_key_for needs at least one id; write those that make this message the only one of its kind")
    texts = [_part(part, position) for position, part in enumerate(parts)]
    # With each length in front of it, ("ab", "c") and ("a", "bc") stay different.
    canonical = "".join(f"{len(text)}:{text}" for text in texts)
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()


idempotency_key_for.__module__ = "blooio_client"


def _part(part: object, position: int) -> str:
    # What has no text of its own has an address for one, or all that it holds: another text after a restart.
    has_text = isinstance(part, str | int) or type(part).__str__ is not object.__str__
    if not has_text or part is None or isinstance(part, bool | float | bytes | bytearray | type | Secret):
        refuse(f"part {position} of the idempotency key is {type(part).__name__}; write an id, as str or int")
    text = str(part)
    if not text.strip():
        refuse(f"part {position} of the idempotency key is blank; write an id")
    return text


def checked_key(key: str) -> str:
    """Return a caller's own key.

    Raises:
        InvalidArgumentError: It is blank, or cannot stand in a header.
    """
    return checked_header_value(key, "idempotency_key")
