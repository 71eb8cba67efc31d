"""Fuzzing targets: each takes any bytes, and raises unless the outcome is a result or one of our errors."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from fuzz_cases import SEEDS, Case, keep
from fuzz_drive import Drive
from fuzz_usable import use, use_error

from blooio_client import BlooioError, ChatId, webhooks
from blooio_overrides._call.outcome import Response
from blooio_overrides._call.retries import pause_after, retry_after
from blooio_overrides.chat_ids import chat_id, contact_id, own_number, person

SECRET: Final = "whsec_0123456789abcdef"
Target = Callable[[bytes], None]


def webhook(data: bytes) -> None:
    """Verify and read a delivery, with a valid signature and with any signature."""
    head, _, body = data.partition(b"\n\n")
    given = {"x-blooio-signature": head.decode("latin-1"), "x-blooio-replay": head[:4].decode("latin-1")}
    signed = {**given, "X-Blooio-Signature": webhooks.sign(body, SECRET, int(time.time()))}
    del signed["x-blooio-signature"]
    for headers in (given, signed):
        _tried(partial(webhooks.unwrap_many, body, headers, secret=SECRET))
    _tried(lambda: webhooks.parse(body))
    _tried(lambda: webhooks.parse(body.decode(errors="surrogateescape")))


def identifier(data: bytes) -> None:
    """Read a text as each kind of identifier; a valid one must be valid and unchanged when it is read again."""
    text = data.decode(errors="surrogateescape")
    for read in (chat_id, ChatId.phone, ChatId.email, ChatId.group, contact_id, own_number):
        _tried(partial(_again, read, text))
    _tried(lambda: _again(lambda value: person(value, "contact"), text))
    _tried(lambda: ChatId.several(text.split("\n")))


def _again(read: Callable[[Any], object], given: str) -> object:
    value = read(given)
    assert value == read(str(value))
    return value


def retry_header(data: bytes) -> None:
    """Read any Retry-After: a finite number of seconds, or none."""
    headers = {"retry-after": data.decode("latin-1")}
    seconds = retry_after(headers)
    assert seconds is None or 0 <= seconds < float("inf")
    assert 0 <= pause_after(Response(503, headers, b""), 1, lambda: 1.0) < float("inf")


def _tried(ask: Callable[[], Any]) -> None:
    try:
        result = ask()
    except BlooioError as error:
        use_error(error)
        return
    use(result)


def targets(drive: Drive) -> Mapping[str, Target]:
    """Return every target by its name."""
    return MappingProxyType(
        {
            "response": lambda data: drive.run(Case.of_bytes(data)),
            "webhook": webhook,
            "identifier": identifier,
            "retry_header": retry_header,
        }
    )


def bytes_of(seed: str) -> tuple[str, bytes]:
    """Return the target and the input of a seed."""
    fields = json.loads(seed)
    if "operation" in fields:
        return "response", Case.of_json(seed).as_bytes()
    return fields["target"], fields["data"].encode("latin-1")


def keep_found(target: str, data: bytes, error: BaseException, folder: Path = SEEDS) -> Path:
    """Write a seed for bytes that failed, one per target and kind of exception, and return its path."""
    if target == "response":
        return keep(Case.of_bytes(data), error, folder)
    path = folder / f"found-{target}-{type(error).__name__}.json"
    fields = {"guards": f"{type(error).__name__} was raised", "target": target, "data": data.decode("latin-1")}
    path.write_text(json.dumps(fields, indent=1) + "\n", "ascii")
    return path
