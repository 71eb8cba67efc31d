"""The settings of a client: checked, and completed from the environment."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from inspect import isawaitable, iscoroutine
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import SplitResult, urlsplit

import attrs

from blooio_client.types import Secret

from .._version import __version__
from ..arguments import header_problem, reject
from ..chat_ids import phone_number
from .operations import DEFAULT_BASE_URL
from .request import PATH, HiddenHeaders, authorization, reject_pickles

if TYPE_CHECKING:
    from collections.abc import Awaitable

    import httpx

    Timeout = float | timedelta | httpx.Timeout | None
    """Seconds, or a timedelta, for a whole call; or limits per attempt without a deadline; or None for neither."""
    Limits = float | httpx.Timeout | None
    """A checked timeout."""
    SyncApiKey = str | Secret | Callable[[], str | Secret]
    ApiKey = SyncApiKey | Callable[[], Awaitable[str | Secret]]
    """An API key, or a function that returns the current one."""

USER_AGENT: Final = f"blooio-client/{__version__} python/{'.'.join(map(str, sys.version_info[:3]))}"
MAX_TIMEOUT: Final = 1e9
"""The longest timeout in seconds, about thirty years, which every clock and socket supports."""
_HOST: Final = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?|[0-9a-f:.]*:[0-9a-f:.]*")


class KeySource:
    """The user's function that returns the current API key. Like a key, it is hidden in reprs.

    The repr of a function can show a key, as that of `functools.partial(read, "secret")` does.
    """

    __slots__ = ("_ask",)

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask

    def __call__(self) -> object:
        return self._ask()

    def __repr__(self) -> str:
        return "<api_key function>"


async def resolved(given: object) -> object:
    """Return what a sync or async function returned."""
    return await given if isawaitable(given) else given


def current_key(given: object) -> Secret:
    """Return the API key that a function returned.

    Raises:
        InvalidArgumentError: It is not an API key.
    """
    if iscoroutine(given):
        given.close()  # or Python warns that it was never awaited
        reject("api_key is an async function; expected a sync one, or use AsyncBlooio")
    kind = type(given).__name__
    key, given = Secret(given) if isinstance(given, str) else given if isinstance(given, Secret) else None, None
    # From here on, no local variable holds the key, since error reporters may record them.
    if key is None:
        reject(f"the api_key function returned {kind}; expected str")
    return _checked_key(key, "returned by the api_key function")


def _secret(settings: Settings) -> Secret | None:
    return settings.api_key if isinstance(settings.api_key, Secret) else None


def _common_headers(settings: Settings) -> HiddenHeaders:
    return HiddenHeaders(
        {
            "accept": "application/json",
            "accept-encoding": "gzip, deflate",
            **({} if settings.secret is None else authorization(settings.secret)),
            "user-agent": USER_AGENT,
            **settings.headers.reveal(),
        }
    )


@attrs.define(eq=False, slots=False, on_setattr=attrs.setters.frozen)
class Settings:
    """The settings of a client."""

    api_key: Secret | KeySource
    base_url: str
    timeout: Limits
    max_retries: int
    from_number: str | None = attrs.field(repr=False)
    headers: HiddenHeaders
    """Additional headers for every request, with lowercase names."""
    secret: Secret | None = attrs.field(default=attrs.Factory(_secret, takes_self=True), init=False)
    """The API key; None if a function returns it."""
    common_headers: HiddenHeaders = attrs.field(default=attrs.Factory(_common_headers, takes_self=True), init=False)
    """The headers of every request; `Request.with_key` adds a key that a function returns."""

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        reject_pickles()


def settings_from(
    *,
    api_key: Secret | KeySource | type | None,
    base_url: str | None,
    timeout: Timeout,
    max_retries: int,
    from_number: str | None,
    allow_http: bool,
) -> Settings:
    """Check the arguments of a client, and read missing ones from the environment.

    Raises:
        InvalidArgumentError: There is no API key, or an argument is invalid.
    """
    return Settings(
        api_key=_api_key(api_key),
        base_url=checked_base_url(
            base_url if base_url is not None else os.environ.get("BLOOIO_BASE_URL") or DEFAULT_BASE_URL,
            allow_http=allow_http or os.environ.get("BLOOIO_ALLOW_HTTP") == "1",
        ),
        timeout=checked_timeout(timeout),
        max_retries=checked_retries(max_retries),
        from_number=checked_sender(from_number),
        headers=HiddenHeaders({}),
    )


def checked_sender(from_number: str | None) -> str | None:
    """Return the number to send messages from.

    Raises:
        InvalidArgumentError: The number is not in E.164 format.
    """
    return None if from_number is None else phone_number(from_number, "from_number")


def hidden(api_key: object) -> Secret | KeySource | type | None:
    """Hide an API key before anything else runs: a traceback with local variables would show it.

    Of anything that cannot be a key, only the type is returned, since it may contain one.
    """
    if api_key is None or isinstance(api_key, Secret | KeySource):
        return api_key
    if callable(api_key):
        return KeySource(api_key)
    return Secret(api_key) if isinstance(api_key, str) else type(api_key)


def _api_key(given: Secret | KeySource | type | None) -> Secret | KeySource:
    if isinstance(given, KeySource):
        return given
    if isinstance(given, type):
        reject(f"api_key is {given.__name__}; expected str, or a function that returns the key")
    key = given or _from_environment()
    if key is None:
        reject("the API key is missing; pass api_key= or set the environment variable BLOOIO_API_KEY")
    return _checked_key(key, "(api_key= or BLOOIO_API_KEY)")


def _from_environment() -> Secret | None:
    key = os.environ.get("BLOOIO_API_KEY")
    return None if key is None else Secret(key)


def _checked_key(key: Secret, where: str) -> Secret:
    if problem := header_problem(key.reveal()):
        reject(f"the API key {where} {problem}; expected the key alone")
    if " " in key.reveal():
        reject(f"the API key {where} contains a blank; expected the key alone")
    return key


def checked_base_url(url: object, *, allow_http: bool) -> str:
    """Return a base URL without a trailing slash.

    Raises:
        InvalidArgumentError: The URL is not a plain http(s) URL, or would send the key unencrypted.
    """
    if not isinstance(url, str):
        reject(f"base_url is {type(url).__name__}; expected a URL such as {DEFAULT_BASE_URL}")
    parts = _split(url)
    if parts.username is not None or parts.query or parts.fragment or "?" in url or "#" in url:
        reject("base_url contains user info, a query or a fragment; expected only scheme, host and path")
    if parts.scheme == "http" and not (allow_http or is_loopback(parts.hostname or "")):
        reject(
            "base_url is http://, which would send the API key unencrypted; expected https://, or pass allow_http=True"
        )
    # An uppercase scheme is equivalent, but not every library treats it so.
    return (parts.scheme + url[len(parts.scheme) :]).rstrip("/")


def _split(url: str) -> SplitResult:
    parts = _parsed(url)
    if parts is None or not url.isascii() or any(char.isspace() or not char.isprintable() for char in url):
        reject(f"base_url must be an http(s) URL such as {DEFAULT_BASE_URL}")
    return parts


def _parsed(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        is_usable = (
            parts.scheme in ("http", "https")
            and _HOST.fullmatch(parts.hostname or "")
            and parts.port != 0
            and PATH.fullmatch(parts.path.rstrip("/") or "/")
        )
    except ValueError:
        return None
    return parts if is_usable else None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine's loopback."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def checked_timeout(timeout: Timeout) -> Limits:
    """Return a timeout: seconds, None, or limits of httpx.

    Raises:
        InvalidArgumentError: The timeout is not one of these, or out of range.
    """
    if isinstance(timeout, timedelta):
        timeout = timeout.total_seconds()
    phases: Callable[[], Mapping[str, object]] | None = getattr(timeout, "as_dict", None)
    if phases is not None:
        _check_phases(phases())
    elif timeout is not None and not _is_limit(timeout):
        is_number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
        reject(f"timeout is {'out of range' if is_number else type(timeout).__name__}; {_TIMEOUT}")
    return timeout


def _is_limit(seconds: object) -> bool:
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= MAX_TIMEOUT


def _check_phases(limits: Mapping[str, object]) -> None:
    """Check the limits of an httpx.Timeout: httpx does not, so an invalid one would fail after the request has left."""
    for phase, limit in limits.items():
        may_be_zero = phase == "pool"  # which takes a free connection, or fails at once
        if limit is not None and not _is_limit(limit) and not (may_be_zero and limit == 0):
            reject(f"timeout has an invalid limit for {phase}; expected seconds > 0, or None")


_TIMEOUT: Final = "expected a number of seconds > 0, timedelta, None or httpx.Timeout"


def checked_retries(max_retries: object) -> int:
    """Return the number of retries.

    Raises:
        InvalidArgumentError: The number is not an integer >= 0.
    """
    if isinstance(max_retries, bool) or not isinstance(max_retries, int) or max_retries < 0:
        reject("max_retries must be an integer >= 0; 0 sends each request once")
    return max_retries
