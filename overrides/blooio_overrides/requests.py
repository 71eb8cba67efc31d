"""What goes over the wire for a call: built once, from what is known, with no request sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

import attrs

from blooio_client.types import UNSET, Call, File

from .arguments import refuse
from .idempotency import HEADER as IDEMPOTENCY_KEY
from .idempotency import new_key
from .json_types import is_list, is_object
from .operations import Repeat, repeat_of
from .request_lines import check_files, check_line
from .settings import Settings, checked_headers

LARGEST_BATCH: Final = 100
"""How many phone numbers one request may ask for."""


@attrs.frozen(eq=False, repr=False)
class Request:
    """A request as it goes over the wire; the same one is sent again on a retry."""

    method: str
    target: str
    """Path and query, below the base URL."""
    headers: Mapping[str, str]
    content: bytes | None
    files: Mapping[str, File] | None

    @property
    def idempotency_key(self) -> str | None:
        """The key under which the service knows the send."""
        return self.headers.get(IDEMPOTENCY_KEY)

    @property
    def is_repeatable(self) -> bool:
        """Whether all of it can be sent again: a file that cannot be rewound would be empty the second time."""
        payloads = [file.payload for file in (self.files or {}).values()]
        return all(isinstance(payload, bytes) or payload.seekable() for payload in payloads)


def request_of(call: Call[Any], settings: Settings, headers: Mapping[str, str] | None) -> Request:
    """Return what goes over the wire for a call.

    Raises:
        InvalidArgumentError: A header or a value of the body cannot be sent.
    """
    _refuse_too_large_a_batch(call)
    check_files(call.files)
    content = None if call.json is UNSET else encoded(call.json)
    merged = settings.common_headers.copy()
    if content is not None:
        merged["content-type"] = "application/json"
    for further in (call.headers, headers):
        if further:
            merged.update(checked_headers(further))
    if IDEMPOTENCY_KEY not in merged and repeat_of(call.operation, call.method) is Repeat.KEYED:
        merged[IDEMPOTENCY_KEY] = new_key()
    return Request(call.method, _target(call), merged, content, call.files)


def _refuse_too_large_a_batch(call: Call[Any]) -> None:
    if call.operation != "batchLookupPhoneNumbers" or not is_object(call.json):
        return
    numbers = call.json.get("numbers")
    if is_list(numbers) and len(numbers) > LARGEST_BATCH:
        refuse(f"the batch holds over {LARGEST_BATCH} numbers; phone_numbers.lookup_many takes any count")


def _target(call: Call[Any]) -> str:
    query = _query(call.params) if call.params else ""
    if query is None:
        refuse("the query holds a lone surrogate, which is no character; write it in valid Unicode")
    target = f"{call.path}?{query}" if query else call.path
    check_line(call.method, call.path, target)
    return target


def _query(params: Mapping[str, Any]) -> str | None:
    try:
        return urlencode({name: str(value) for name, value in params.items()}, quote_via=quote)
    except UnicodeEncodeError:
        return None


_encoder: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encoded(body: Any) -> bytes:
    """Return a body as JSON.

    Raises:
        InvalidArgumentError: It holds what JSON cannot say: NaN, a lone surrogate, an object of Python's own.
    """
    written = _written(body)
    # Refused here, where no exception is behind the error: it would hold the whole body.
    if written is UnicodeEncodeError:
        refuse("the body holds a lone surrogate, which is no character; write the text in valid Unicode")
    if not isinstance(written, bytes):
        refuse(f"the body cannot be written as JSON ({written.__name__}); use str, numbers, lists, dicts and models")
    return written


def _written(body: Any) -> bytes | type[Exception]:
    try:
        return _encoder.encode(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        return type(error)
