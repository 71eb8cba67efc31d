"""The request that goes over the wire, checked: nothing in it can end a line or start another path segment."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import quote, urlencode
from uuid import uuid4

import attrs

from blooio_client.call import FormField
from blooio_client.types import UNSET, Call, File, Secret

from ..arguments import header_problem, reject
from ..idempotency import HEADER as IDEMPOTENCY_KEY
from ..json_values import is_list, is_object
from .operations import DEFAULT_BASE_URL, OPERATIONS, Repeat

if TYPE_CHECKING:
    from .settings import Settings

MAX_TARGET: Final = 65_536
"""The longest path and query, in characters; servers accept far fewer."""
_METHOD: Final = re.compile(r"[A-Z]{1,20}")
PATH: Final = re.compile(
    r"""(?! .* (?: / (?:\.|%2e){1,2} (?:/|\Z) | // ) )      # neither `.` and `..` steps nor empty ones
    / (?: [\w.~!$&'()*+,;=:@/-] | %[0-9a-f]{2} )*          # characters of a URL
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
"""A valid path of a URL."""
_FRAMING: Final = frozenset({"content-length", "transfer-encoding", "trailer"})
_TOKEN: Final = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")


@attrs.frozen(eq=False, repr=False)
class HiddenHeaders:
    """Headers whose repr shows nothing, since the API key is among them.

    Not a mapping: error reporters that record local variables would walk through one.
    """

    _values: Mapping[str, str] = attrs.field(repr=False)  # rich and structlog look into attrs classes

    def reveal(self) -> Mapping[str, str]:
        """Return the headers themselves."""
        return self._values

    def __repr__(self) -> str:
        return f"<headers {', '.join(self._values)}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        reject_pickles()


def reject_pickles() -> NoReturn:
    """Raise the error that Python raises for objects that cannot be pickled."""
    raise TypeError(
        "a client and its handles hold an API key and connections, so they cannot be pickled; "
        "create a client in each process"
    )


def authorization(key: Secret) -> dict[str, str]:
    """Return the header that carries an API key."""
    return {"authorization": f"Bearer {key.reveal()}"}


def check_files(files: Mapping[str, File] | None) -> None:
    """Check files, and their names and content types, which must not contain line breaks.

    Raises:
        InvalidArgumentError: A file cannot be read, a name contains a control character, or a type is invalid.
    """
    for field, file in (files or {}).items():
        if not isinstance(file.payload, bytes) and not callable(getattr(file.payload, "read", None)):
            reject(f"the payload of the file {field} is {type(file.payload).__name__}; expected bytes or an open file")
        if getattr(file.payload, "closed", False):
            reject(f"the payload of the file {field} is closed; expected an open file")
        if not isinstance(file, FormField) and not is_file_name(file.file_name):
            reject(f"the name of the file {field} must not be empty or contain control characters")
        if not _is_type(file.mime_type):
            reject(f"the type of the file {field} is invalid; expected a content type such as image/png")


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


MAX_BATCH: Final = 100
"""The most phone numbers in one request."""


@attrs.frozen(eq=False, repr=False)
class Request:
    """A request as it goes over the wire. A retry sends the same one."""

    method: str
    target: str
    """Path and query, below the base URL."""
    headers: HiddenHeaders
    """The headers of the client, with the API key, and of this request, which take precedence."""
    content: bytes | None
    files: Mapping[str, File] | None
    repeat: Repeat = Repeat.ONCE
    """What a repeat of the operation does."""
    idempotency_key: str | None = None
    """The idempotency key of the send."""
    has_own_key: bool = False
    """Whether the key was created for this call, so it cannot have been used before."""
    server: str | None = None
    """The base URL to use instead of the client's."""

    def with_key(self, key: Secret) -> Request:
        """Return this request with the API key of the next attempt; a header set by the user takes precedence."""
        return attrs.evolve(self, headers=HiddenHeaders({**authorization(key), **self.headers.reveal()}))

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be sent again: a file that cannot be rewound would be empty the second time."""
        payloads = [file.payload for file in (self.files or {}).values()]
        return all(isinstance(each, bytes) or can_be_rewound(each) for each in payloads)


def can_be_rewound(file: object) -> bool:
    """Whether a file says that it can be read again from its beginning."""
    try:
        return bool(getattr(file, "seekable", bool)())
    except ValueError:  # it is closed
        return False


def request_of(call: Call[Any], settings: Settings, headers: Mapping[str, str] | None) -> Request:
    """Return the request of a call.

    Raises:
        InvalidArgumentError: A header, a query parameter or a value of the body is invalid.
    """
    if not isinstance(call, Call):
        reject(f"call must be a Call, such as calls.get_me(), not {type(call).__name__}")
    if call.operation == "batchLookupPhoneNumbers":
        _check_batch(call.json)
    if call.files:
        check_files(call.files)
    content = None if call.json is UNSET else encoded(call.json)
    own = {} if content is None else {"content-type": "application/json"}
    for further in (call.headers, headers):
        if further:
            own.update(checked_headers(HiddenHeaders(further)).reveal())
    known = OPERATIONS.get(call.operation)
    unknown = Repeat.SAFE if call.method == "GET" else Repeat.ONCE
    repeat = unknown if known is None else known.repeat
    has_own_key = repeat is Repeat.KEYED and IDEMPOTENCY_KEY not in own
    if has_own_key:
        own[IDEMPOTENCY_KEY] = str(uuid4())
    return Request(
        method=call.method,
        target=_target(call),
        headers=_of_upload(settings, own) if call.files else HiddenHeaders({**settings.common_headers.reveal(), **own}),
        content=content,
        files=call.files,
        repeat=repeat,
        idempotency_key=own.get(IDEMPOTENCY_KEY),
        has_own_key=has_own_key,
        # If the user set a base URL, such as the sandbox's, nothing goes anywhere else.
        server=call.server if settings.base_url == DEFAULT_BASE_URL else None,
    )


def _of_upload(settings: Settings, own: Mapping[str, str]) -> HiddenHeaders:
    """Return the headers of an upload. httpx writes its type, which names the boundary between the files."""
    headers = {**settings.common_headers.reveal(), **own}
    if "boundary=" not in headers.get("content-type", "boundary="):
        del headers["content-type"]
    return HiddenHeaders(headers)


def _check_batch(body: Any) -> None:
    numbers = body.get("numbers") if is_object(body) else None
    if is_list(numbers) and len(numbers) > MAX_BATCH:
        reject(f"the batch has more than {MAX_BATCH} numbers; use phone_numbers.lookup_many, which takes any count")


def _target(call: Call[Any]) -> str:
    """Return the path and query of a call, which must not contain line breaks; a list repeats its key."""
    if not _METHOD.fullmatch(call.method) or call.method == "CONNECT":  # which talks to a proxy, not to Blooio
        reject("the method of the call is not supported; expected an HTTP method such as GET")
    if not PATH.fullmatch(call.path):
        reject(
            "the path of the call must start with a slash and contain only URL characters and no `.` or `..` steps, "
            "as in /chats/{chatId}; pass ids as parameters and the query as params="
        )
    pairs: list[tuple[str, str]] = []
    for name, value in call.params.items():
        items: list[Any] = value if is_list(value) else [value]
        for item in items:
            if not isinstance(item, str | int | float):
                reject(f"the query parameter {name} must be a str, a number, a bool, or a list of them")
            pairs.append((name, str(item)))
    try:
        query: str | None = urlencode(pairs, quote_via=quote) if pairs else ""
    except UnicodeEncodeError:
        query = None
    if query is None:  # raised outside the except block, whose exception would hold the query
        reject("the query contains a lone surrogate; expected valid Unicode")
    target = f"{call.path}?{query}" if query else call.path
    if len(target) > MAX_TARGET:
        reject(f"the path and query of the call must be at most {MAX_TARGET} characters long")
    return target


_encoder: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encoded(body: Any) -> bytes:
    """Return a body as JSON.

    Raises:
        InvalidArgumentError: The body contains NaN, a lone surrogate, or an object that is not JSON.
    """
    try:
        return _encoder.encode(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        kind = type(error)
    # Raised outside the except block: the original exception would hold the whole body.
    if kind is UnicodeEncodeError:
        reject("the body contains a lone surrogate; expected valid Unicode")
    return reject(f"the body is not JSON ({kind.__name__}); expected str, numbers, lists, dicts and models")


def checked_headers(given: HiddenHeaders, *, of_every_call: bool = False) -> HiddenHeaders:
    """Return headers with their names in lower case.

    Raises:
        InvalidArgumentError: A name or value is invalid, or every call would share one idempotency key.
    """
    # A separate function, so that no frame of the traceback holds the value in a local variable.
    problem = _problem_of_headers(given.reveal(), of_every_call=of_every_call)
    if problem is not None:
        reject(problem)
    return HiddenHeaders({name.lower(): value for name, value in given.reveal().items()})


def _problem_of_headers(headers: object, *, of_every_call: bool) -> str | None:
    if not isinstance(headers, Mapping):
        return f"headers is {type(headers).__name__}; expected a dict of names and values"
    items: list[tuple[Any, Any]] = list(headers.items())  # pyright: ignore[reportUnknownArgumentType]
    for name, value in items:
        if problem := _problem_of_name(name) or _problem_of_value(name, value):
            return problem
        if of_every_call and name.lower() == IDEMPOTENCY_KEY:
            return (
                "headers contains an Idempotency-Key for every call, so only the first message would be sent; "
                "pass idempotency_key= to send instead"
            )
    return None


def _problem_of_name(name: object) -> str | None:
    lower = name.lower() if isinstance(name, str) else ""
    if lower in _FRAMING:
        return f"headers contains {lower}, which the client sets itself; leave it out"
    if not lower or not _TOKEN.issuperset(lower):
        return "the name of a header must be letters, digits and dashes, such as X-Team"
    return None


def _problem_of_value(name: object, value: object) -> str | None:
    if not isinstance(value, str):
        return f"the header {name} is {type(value).__name__}; expected visible ASCII characters"
    problem = header_problem(value)
    return (
        None
        if problem is None
        else f"the header {name} {problem}; expected visible ASCII characters without surrounding blanks"
    )
