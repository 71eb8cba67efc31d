# Generated from openapi/ by `make generate`. Do not edit.
"""Unset fields, secrets and times."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NoReturn, final

JsonObject = dict[str, Any]
Required = Mapping[str, type | None]
"""The fields that a response must have, by their names on the wire, with their JSON types (None: any)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LIKE_A_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]{7,15}(?![0-9A-Za-z])")
_EXACT_UNTIL: Final = 4_000_000_000_000
"""Epoch milliseconds in the year 2096, up to which a float of seconds is exact to the microsecond."""


@final
class Unset:
    """The type of `UNSET`, which marks a field that is not sent; None is sent as null."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:  # a copy or a pickle is the one UNSET again
        return "UNSET"


UNSET: Final = Unset()


@final
class Secret:
    """An API key or a signing secret. Call `reveal()` to read it.

    It is hidden in `str`, `repr` and pickles: an unpickled secret still equals the original, but cannot be revealed.
    """

    __module__ = "blooio_client"

    __slots__ = ("_fingerprint", "_value")

    def __init__(self, value: str) -> None:
        self._value: str | None = value
        self._fingerprint: str | None = None

    def reveal(self) -> str:
        """Return the secret itself.

        Raises:
            InvalidArgumentError: It was unpickled, and pickles contain no secrets.
        """
        if self._value is None:
            reject("this Secret was unpickled, and pickles contain no secrets; store the result of reveal() instead")
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._hashed() == other._hashed()

    def __hash__(self) -> int:
        return hash(self._hashed())

    def _hashed(self) -> str:
        if self._fingerprint is None:  # most secrets are never compared
            self._fingerprint = hashlib.sha256(self.reveal().encode(errors="surrogatepass")).hexdigest()
        return self._fingerprint

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> tuple[Callable[[str], Secret], tuple[str]]:
        return _without_value, (self._hashed(),)


def _without_value(fingerprint: str) -> Secret:
    secret = Secret("")
    secret._value, secret._fingerprint = None, fingerprint
    return secret


def hidden(value: Any) -> Any:
    """Return a string as a Secret, so that no traceback with local variables shows it; return other values unchanged."""
    if isinstance(value, list):
        return [Secret(each) if isinstance(each, str) else each for each in value]
    return Secret(value) if isinstance(value, str) else value


def moment(value: Any) -> Any:
    """Read epoch milliseconds or ISO 8601 as an aware datetime in UTC; return other values unchanged."""
    if type(value) is int and 0 <= value < _EXACT_UNTIL:
        return datetime.fromtimestamp(value / 1000, UTC)
    if isinstance(value, str):
        return _iso8601(value)
    if type(value) is not int and (isinstance(value, bool) or not isinstance(value, int | float)):
        return value
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except (ValueError, OverflowError):  # NaN, or beyond the year 9999
        return value


def _iso8601(text: str) -> datetime | str:
    if "-" not in text and "T" not in text:  # plain digits would be read as a date without dashes
        return text
    try:
        return _in_utc(_parsed(text))
    except (ValueError, OverflowError):
        return text


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        from dateutil.parser import isoparse  # rare, and slow to import

        return isoparse(text)


def _in_utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def aware(time: datetime) -> datetime:
    """Return a datetime that has a time zone.

    Raises:
        InvalidArgumentError: It has none, so it could mean any of several moments.
    """
    if time.utcoffset() is None:
        reject("a datetime without a time zone is ambiguous; pass an aware one, such as datetime.now(UTC)")
    return time


def milliseconds(time: datetime) -> int:
    """Return an aware datetime as epoch milliseconds."""
    return (aware(time) - _EPOCH) // _MILLISECOND


def abridged(value: Any) -> str:
    """Return enough of an id to distinguish two; generated ids, such as `msg_1`, are not private.

    An id of your own may contain a phone number, as in `welcome_15551234567`.
    """
    if not isinstance(value, str):
        return type(value).__name__
    if re.fullmatch(r"[a-z]+(_[\w-]{1,80})?", value, re.ASCII) and not _LIKE_A_NUMBER.search(value):
        return str(value)
    end = value[-4:] if len(value) > 8 else value[-1:]
    return f"·····{end}" if end.isprintable() else "·····"


def reject(reason: str) -> NoReturn:
    """Raise InvalidArgumentError."""
    from .errors import InvalidArgumentError

    raise InvalidArgumentError(reason)
