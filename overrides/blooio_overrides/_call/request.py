"""What may stand in the lines of a request: whatever ends one, or begins another segment of a path, is refused."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

import attrs

from blooio_client.types import UNSET, Call, File

from ..arguments import header_problem, refuse
from ..idempotency import HEADER as IDEMPOTENCY_KEY
from ..idempotency import new_key
from ..json_values import is_list, is_object
from .operations import Repeat, repeat_of
from .settings import HiddenHeaders, Settings, checked_headers, is_path

LONGEST_TARGET: Final = 65_536
"""Characters that a path and its query may have; services take far less."""
_METHOD: Final = re.compile(r"[A-Z]{1,20}")


def check_line(method: str, path: str, target: str) -> None:
    """Refuse what cannot be a request's first line.

    Raises:
        InvalidArgumentError: The method is no word, the path is none, or the two with the query are too long.
    """
    if not _METHOD.fullmatch(method):
        refuse("the method of the call is no HTTP method; write one such as GET")
    if not is_path(path):
        refuse(
            "the path of the call begins without a slash, steps up, or holds what a path cannot; "
            "write it as /chats/{chatId}, identifiers as parameters and a query as params="
        )
    if len(target) > LONGEST_TARGET:
        refuse(f"the path and query of the call are over {LONGEST_TARGET} characters long; write shorter ones")


def check_files(files: Mapping[str, File] | None) -> None:
    """Refuse names and types of files that would end their line.

    Raises:
        InvalidArgumentError: A name holds a control character, or a type is none.
    """
    for field, file in (files or {}).items():
        if not is_file_name(file.file_name):
            refuse(f"the name of the file {field} is empty, or holds a control character; write a plain one")
        if not _is_type(file.mime_type):
            refuse(f"the type of the file {field} is none; write one such as image/png")


def _is_type(mime_type: object) -> bool:
    return mime_type is None or (isinstance(mime_type, str) and header_problem(mime_type) is None)


def is_file_name(name: object) -> bool:
    """Whether something can be the name of a file, as a server is told it."""
    return isinstance(name, str) and bool(name) and not any(map(_is_control, name))


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def file_name(name: str) -> str:
    """Return the name of a file without what no server can be told."""
    return "".join("?" if _is_control(char) else char for char in name)


LARGEST_BATCH: Final = 100
"""How many phone numbers one request may ask for."""


@attrs.frozen(eq=False, repr=False)
class Request:
    """A request as it goes over the wire; the same one is sent again on a retry."""

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
