"""Idempotency keys: the same key never sends a second message.

For a repeated key, the service returns the first message's ids and sends nothing (docs.blooio.com/idempotency).
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Final

from blooio_client.types import Secret

from .arguments import checked_header_value, reject

HEADER = "idempotency-key"

RETRY_WINDOW: Final = datetime.timedelta(hours=20)
"""How long after its first attempt a send is retried with the same idempotency key.

Blooio does not document how long it remembers a key; reportedly 24 hours. A retry near that limit could send the
message a second time, so the client, the receiver and the outbox stop four hours earlier.
"""


def idempotency_key_for(*parts: object) -> str:
    """Return an idempotency key made from ids of your own, such as ("campaign-7", recipient).

    The same parts give the same key, on any machine and after a restart.

    Args:
        parts: At least one id: strings, whole numbers, or anything whose `str()` is its id, such as a `ChatId`.

    Raises:
        InvalidArgumentError: There are no parts, or a part is None, blank, a float, or an object whose text is not
            a stable id, such as a set, a model or a record of your database.
    """
    if not parts:
        reject("idempotency_key_for needs at least one part; expected the ids that identify this message")
    texts = [_part(part, position) for position, part in enumerate(parts)]
    # Each part follows its length, so that ("ab", "c") and ("a", "bc") stay different.
    canonical = "".join(f"{len(text)}:{text}" for text in texts)
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()


idempotency_key_for.__module__ = "blooio_client"


def _part(part: object, position: int) -> str:
    # Other objects show their address or their content, which changes after a restart.
    has_text = isinstance(part, str | int) or not (type(part).__str__ is object.__str__ or _is_record(part))
    if not has_text or part is None or isinstance(part, bool | float | bytes | bytearray | type | Secret):
        reject(f"part {position} of the idempotency key is {type(part).__name__}; expected an id, as str or int")
    text = str(part)
    if not text.strip():
        reject(f"part {position} of the idempotency key is blank; expected an id")
    return text


def _is_record(part: object) -> bool:
    """Whether an object is a record of pydantic, Django or peewee, whose text is its fields or its name.

    Two people of one name would have one key, so the second would get no message; and a key would change with a field.
    """
    return hasattr(type(part), "_meta") or str(getattr(type(part).__str__, "__module__", "")).startswith("pydantic")


def checked_key(key: str) -> str:
    """Return a caller's own key.

    Raises:
        InvalidArgumentError: It is blank, or does not fit in a header.
    """
    return checked_header_value(key, "idempotency_key")
