"""What a client is told when it is made: checked, and completed from the environment."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import SplitResult, urlsplit

import attrs

from blooio_client.types import Secret

from .._version import __version__
from ..arguments import header_problem, refuse
from ..chat_ids import phone_number
from ..idempotency import HEADER as IDEMPOTENCY_KEY

if TYPE_CHECKING:
    import httpx

    Timeout = float | httpx.Timeout | None
    """Seconds for a whole call; or limits per attempt without a deadline; or None for neither."""

DEFAULT_BASE_URL: Final = "https://backend.blooio.com/v2/api"
USER_AGENT: Final = f"blooio-client/{__version__} python/{'.'.join(map(str, sys.version_info[:3]))}"
LONGEST_TIMEOUT: Final = 1e9
"""Seconds, some thirty years: what every clock and socket can count."""
_NO_PATH: Final = re.compile(r"[^\w.~!$&'()*+,;=:@/%-]|%(?![0-9A-Fa-f]{2})", re.ASCII)
_STEPS: Final = re.compile(r"/(?:\.|%2e){1,2}(?=/|\Z)|//", re.IGNORECASE)
_HOST: Final = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?|[0-9a-f:.]*:[0-9a-f:.]*")
_FRAMING: Final = frozenset({"content-length", "transfer-encoding", "trailer"})
_TOKEN: Final = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")


class HiddenHeaders:
    """Headers that do not show themselves, since the API key is among them.

    Not a mapping: whatever reports the local variables of a traceback would walk through one.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def reveal(self) -> Mapping[str, str]:
        """Return the headers themselves."""
        return self._values

    def __repr__(self) -> str:
        return f"<headers {', '.join(self._values)}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        _refuse_pickles()


def _refuse_pickles() -> NoReturn:
    """Raise what Python raises for anything that cannot be pickled."""
    raise TypeError(
        "a client, and whatever came from it, holds an API key and connections, which no pickle shall hold; "
        "make a client in each process"
    )


@attrs.define(eq=False, slots=False, on_setattr=attrs.setters.frozen)
class Settings:
    """What a client is told when it is made."""

    api_key: Secret
    base_url: str
    timeout: Timeout
    max_retries: int
    from_number: str | None = attrs.field(repr=False)
    headers: HiddenHeaders
    """Further headers of every request, their names in lower case."""

    @cached_property
    def common_headers(self) -> HiddenHeaders:
        """What every request says of itself."""
        return HiddenHeaders(
            {
                "accept": "application/json",
                "accept-encoding": "gzip, deflate",
                "authorization": f"Bearer {self.api_key.reveal()}",
                "user-agent": USER_AGENT,
                **self.headers.reveal(),
            }
        )

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        _refuse_pickles()


def settings_from(
    *,
    api_key: Secret | None,
    base_url: str | None,
    timeout: Timeout,
    max_retries: int,
    from_number: str | None,
    allow_http: bool,
) -> Settings:
    """Check what a user gave, and take from the environment what is missing.

    Raises:
        InvalidArgumentError: There is no API key, or an argument cannot be right.
    """
    return Settings(
        api_key=_api_key(api_key),
        base_url=checked_base_url(
            base_url if base_url is not None else os.environ.get("BLOOIO_BASE_URL") or DEFAULT_BASE_URL,
            allow_http=allow_http or os.environ.get("BLOOIO_ALLOW_HTTP") == "1",
        ),
        timeout=checked_timeout(timeout),
        max_retries=checked_retries(max_retries),
        from_number=None if from_number is None else phone_number(from_number, "from_number"),
        headers=HiddenHeaders({}),
    )


def hidden(api_key: object) -> Secret | None:
    """Return a key as a secret, before anything can go wrong: a traceback with local variables would show a text.

    Raises:
        InvalidArgumentError: It is no text.
    """
    if api_key is None or isinstance(api_key, Secret):
        return api_key
    if not isinstance(api_key, str):
        refuse(f"api_key is {type(api_key).__name__}; write a str")
    return Secret(api_key)


def _api_key(given: Secret | None) -> Secret:
    key = given or hidden(os.environ.get("BLOOIO_API_KEY"))
    if key is None:
        refuse("there is no API key; pass api_key=, or set the environment variable BLOOIO_API_KEY")
    if problem := header_problem(key.reveal()):
        refuse(f"the API key (api_key=, or BLOOIO_API_KEY) {problem}; write the key alone")
    if " " in key.reveal():
        refuse("the API key (api_key=, or BLOOIO_API_KEY) holds a blank; write the key alone")
    return key


def checked_base_url(url: object, *, allow_http: bool) -> str:
    """Return a base URL without a slash at its end.

    Raises:
        InvalidArgumentError: It is no plain http(s) URL, or would send the key in the clear.
    """
    if not isinstance(url, str):
        refuse(f"base_url is {type(url).__name__}; write a URL such as {DEFAULT_BASE_URL}")
    parts = _split(url)
    if parts.username is not None or parts.query or parts.fragment or "?" in url or "#" in url:
        refuse("base_url holds user info, a query or a fragment; write only scheme, host and path")
    if parts.scheme == "http" and not (allow_http or is_loopback(parts.hostname or "")):
        refuse(
            "base_url is http://, so that anybody on the way could read the API key; write https://, or allow_http=True"
        )
    # A scheme in capitals means the same, but not to everything that looks at it.
    return (parts.scheme + url[len(parts.scheme) :]).rstrip("/")


def _split(url: str) -> SplitResult:
    parts = _parsed(url)
    if parts is None or not url.isascii() or any(char.isspace() or not char.isprintable() for char in url):
        refuse(f"base_url is no http(s) URL; write one such as {DEFAULT_BASE_URL}")
    return parts


def _parsed(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        is_usable = (
            parts.scheme in ("http", "https")
            and _HOST.fullmatch(parts.hostname or "")
            and parts.port != 0
            and is_path(parts.path.rstrip("/") or "/")
        )
    except ValueError:
        return None
    return parts if is_usable else None


def is_path(path: str) -> bool:
    """Whether a text can be the path of a URL as it is, without steps up and down."""
    return path.startswith("/") and not _NO_PATH.search(path) and not _STEPS.search(path)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def checked_timeout(timeout: Timeout) -> Timeout:
    """Return a timeout: seconds, None, or limits of httpx.

    Raises:
        InvalidArgumentError: It is no number above 0.
    """
    is_number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
    if not is_number and timeout is not None and not hasattr(timeout, "as_dict"):
        refuse(f"timeout is {type(timeout).__name__}; write seconds, None, or an httpx.Timeout")
    if isinstance(timeout, int | float) and not 0 < timeout <= LONGEST_TIMEOUT:
        refuse("timeout is out of its range; write seconds above 0, or None for no limit")
    return timeout


def checked_retries(max_retries: object) -> int:
    """Return how often a call may be tried again.

    Raises:
        InvalidArgumentError: It is no whole number of at least 0.
    """
    if isinstance(max_retries, bool) or not isinstance(max_retries, int) or max_retries < 0:
        refuse("max_retries is not a whole number of at least 0; write 0 to try each call once")
    return max_retries


def checked_headers(given: HiddenHeaders, *, of_every_call: bool = False) -> HiddenHeaders:
    """Return headers with their names in lower case.

    Raises:
        InvalidArgumentError: A name or value cannot stand in a header, or every call would share one idempotency key.
    """
    # Looked for apart, so that no frame of the traceback has what was given in a local variable.
    problem = _problem_of_headers(given.reveal(), of_every_call=of_every_call)
    if problem is not None:
        refuse(problem)
    return HiddenHeaders({name.lower(): value for name, value in given.reveal().items()})


def _problem_of_headers(headers: object, *, of_every_call: bool) -> str | None:
    if not isinstance(headers, Mapping):
        return f"headers is {type(headers).__name__}; write a dict of names and values"
    for name, value in headers.items():
        if problem := _problem_of_name(name) or _problem_of_value(name, value):
            return problem
        if of_every_call and name.lower() == IDEMPOTENCY_KEY:
            return (
                "headers holds an Idempotency-Key for every call, so that only the first message would be sent; "
                "pass idempotency_key= to send"
            )
    return None


def _problem_of_name(name: object) -> str | None:
    lower = name.lower() if isinstance(name, str) else ""
    if lower in _FRAMING:
        return f"headers holds {lower}, which says where the request ends; leave it out, the client sets it"
    if not lower or not _TOKEN.issuperset(lower):
        return "the name of a header may hold letters, digits and dashes only; write a name such as X-Team"
    return None


def _problem_of_value(name: object, value: object) -> str | None:
    if not isinstance(value, str):
        return f"the header {name} is {type(value).__name__}; write visible ASCII characters"
    problem = header_problem(value)
    return None if problem is None else f"the header {name} {problem}; write visible ASCII characters, no blanks around"
