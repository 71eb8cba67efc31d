"""The request that goes over the wire, checked: nothing in it can end a line or start another path segment."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

import attrs

from blooio_client.types import UNSET, Call, File, Secret

from ..arguments import header_problem, refuse
from ..idempotency import HEADER as IDEMPOTENCY_KEY
from ..idempotency import new_key
from ..json_values import is_list, is_object
from .operations import Repeat, repeat_of
from .settings import HiddenHeaders, Settings, authorization, checked_headers, is_path

LONGEST_TARGET: Final = 65_536
"""The longest path with its query, in characters; servers accept far less."""
_METHOD: Final = re.compile(r"[A-Z]{1,20}")


def check_line(method: str, path: str, target: str) -> None:
    """Check the first line of a request.

    Raises:
        InvalidArgumentError: The method or the path is invalid, or the path and query are too long.
    """
    if not _METHOD.fullmatch(method):
        refuse("the method of the call is not an HTTP method; expected one such as GET")
    if not is_path(path):
        refuse(
            "the path of the call must start with a slash and contain only URL characters and no `.` or `..` steps, "
            "as in /chats/{chatId}; pass ids as parameters and the query as params="
        )
    if len(target) > LONGEST_TARGET:
        refuse(f"the path and query of the call must be at most {LONGEST_TARGET} characters long")


def check_files(files: Mapping[str, File] | None) -> None:
    """Check names and types of files, which must not end their line.

    Raises:
        InvalidArgumentError: A name contains a control character, or a type is invalid.
    """
    for field, file in (files or {}).items():
        if not is_file_name(file.file_name):
            refuse(f"the name of the file {field} must not be empty or contain control characters")
        if not _is_type(file.mime_type):
            refuse(f"the type of the file {field} is invalid; expected one such as image/png")


def _is_type(mime_type: object) -> bool:
    return mime_type is None or (isinstance(mime_type, str) and header_problem(mime_type) is None)


def is_file_name(name: object) -> bool:
    """Whether a file name can be sent to a server."""
    return isinstance(name, str) and bool(name) and not any(map(_is_control, name))


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def file_name(name: str) -> str:
    """Return a file name without the characters that cannot be sent."""
    return "".join("?" if _is_control(char) else char for char in name)


LARGEST_BATCH: Final = 100
"""The most phone numbers of one request."""


@attrs.frozen(eq=False, repr=False)
class Request:
    """A request as it goes over the wire. A retry sends the same one."""

    method: str
    target: str
    """Path and query, below the base URL."""
    shared_headers: HiddenHeaders
    """Those of every request, with the API key; apart from the others, which may be looked at."""
    headers: Mapping[str, str]
    """Those of this request, which take precedence."""
    content: bytes | None
    files: Mapping[str, File] | None

    def all_headers(self) -> dict[str, str]:
        """Return every header, for the wire: the API key is among them."""
        return {**self.shared_headers.reveal(), **self.headers}

    @property
    def idempotency_key(self) -> str | None:
        """The idempotency key of the send."""
        return self.headers.get(IDEMPOTENCY_KEY)

    def with_key(self, key: Secret) -> Request:
        """Return this request with the API key of the next attempt; a header of the user's own takes precedence."""
        shared = HiddenHeaders({**authorization(key), **self.shared_headers.reveal()})
        return attrs.evolve(self, shared_headers=shared)

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be sent again: a file that cannot be rewound would be empty the second time."""
        payloads = [file.payload for file in (self.files or {}).values()]
        return all(isinstance(payload, bytes) or payload.seekable() for payload in payloads)


def request_of(call: Call[Any], settings: Settings, headers: Mapping[str, str] | None) -> Request:
    """Return the request of a call.

    Raises:
        InvalidArgumentError: A header, a query parameter or a value of the body is invalid.
    """
    _refuse_too_large_a_batch(call)
    check_files(call.files)
    content = None if call.json is UNSET else encoded(call.json)
    own = {} if content is None else {"content-type": "application/json"}
    for further in (call.headers, headers):
        if further:
            own.update(checked_headers(HiddenHeaders(further)).reveal())
    if IDEMPOTENCY_KEY not in own and repeat_of(call.operation, call.method) is Repeat.KEYED:
        own[IDEMPOTENCY_KEY] = new_key()
    return Request(call.method, _target(call), settings.common_headers, own, content, call.files)


def _refuse_too_large_a_batch(call: Call[Any]) -> None:
    if call.operation != "batchLookupPhoneNumbers" or not is_object(call.json):
        return
    numbers = call.json.get("numbers")
    if is_list(numbers) and len(numbers) > LARGEST_BATCH:
        refuse(f"the batch has more than {LARGEST_BATCH} numbers; use phone_numbers.lookup_many, which takes any count")


def _target(call: Call[Any]) -> str:
    query = _query(call.params) if call.params else ""
    if query is None:
        refuse("the query contains a lone surrogate; expected valid Unicode")
    target = f"{call.path}?{query}" if query else call.path
    check_line(call.method, call.path, target)
    return target


def _query(params: Mapping[str, Any]) -> str | None:
    pairs = [(name, str(item)) for name, value in params.items() for item in _items(name, value)]
    try:
        return urlencode(pairs, quote_via=quote)
    except UnicodeEncodeError:
        return None


def _items(name: str, value: Any) -> list[str | int | float]:
    """Return the values of a query parameter: those of a list, each of which repeats the key."""
    items: list[Any] = value if is_list(value) else [value]
    if not all(isinstance(item, str | int | float) for item in items):
        refuse(f"the query parameter {name} must be a str, a number, a bool, or a list of them")
    return items


_encoder: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encoded(body: Any) -> bytes:
    """Return a body as JSON.

    Raises:
        InvalidArgumentError: The body contains NaN, a lone surrogate, or an object that is not JSON.
    """
    written = _written(body)
    # Refused here, where no exception is behind the error: it would hold the whole body.
    if written is UnicodeEncodeError:
        refuse("the body contains a lone surrogate; expected valid Unicode")
    if not isinstance(written, bytes):
        refuse(f"the body is not JSON ({written.__name__}); expected str, numbers, lists, dicts and models")
    return written


def _written(body: Any) -> bytes | type[Exception]:
    try:
        return _encoder.encode(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        return type(error)
