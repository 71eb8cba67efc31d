"""The signature of a delivery: `X-Blooio-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "{t}.{raw body}">`.

The key is the whole secret as UTF-8, its `whsec_` prefix included (docs.blooio.com/guides/webhook-signatures).
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol, cast

from blooio_client.types import Secret
from blooio_client.values import hidden

from ..arguments import reject
from ..errors import (
    SignatureMalformedError,
    SignatureMismatchError,
    SignatureMissingError,
    TimestampOutsideToleranceError,
)
from ..json_values import is_list

HEADER: Final = "x-blooio-signature"
REPLAY_HEADER: Final = "x-blooio-replay"
MAX_BODY: Final = 256 * 1024
"""The largest delivery that is read, in bytes."""

_SECONDS: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_USUAL: Final = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-fA-F]{64})", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)

_WSGI_PREFIX: Final = len("HTTP_")

Body = bytes | bytearray | str


class Headers(Protocol):
    """Headers from any web framework: names and values."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return the names with their values."""
        ...


Secrets = str | Secret | Sequence[str | Secret]


def verify(
    body: Body,
    headers: Headers,
    *,
    secret: Secrets,
    tolerance: float | None = 300,
) -> None:
    """Check that a delivery comes from Blooio, is unchanged, and is recent.

    Args:
        body: The raw body, byte for byte, not what a framework parsed from it.
        headers: The headers of the delivery; case does not matter.
        secret: The webhook's signing secret, or several during a rotation.
        tolerance: The most seconds between the signature's time and this clock; None for no limit.

    Raises:
        SignatureMissingError: The signature is missing.
        SignatureMalformedError: The signature does not have Blooio's format, or the body is over 256 KiB.
        SignatureMismatchError: The signature does not match the body and the secret.
        TimestampOutsideToleranceError: The signature matches, but is too old or from the future.
        InvalidArgumentError: The body is not the raw body, or a secret is missing or invalid.

    Source: docs.blooio.com/guides/webhook-signatures
    """
    keys, secret = hidden_secrets(secret), ()
    verify_hidden(body, headers, keys, tolerance)


def verify_hidden(body: Body, headers: Headers, keys: object, tolerance: float | None) -> None:
    """Check a delivery with the result of `hidden_secrets`; raises the errors of `verify`."""
    check_tolerance(tolerance)
    check_signature(_raw(body), headers, checked_secrets(keys), tolerance)


def check_signature(raw: bytes, headers: Headers, secrets: list[Secret], tolerance: float | None) -> str:
    """Check a delivery, and return the signed time, as text; the other arguments were already checked.

    Raises:
        WebhookVerificationError: It cannot be trusted.
    """
    values = _values(headers, HEADER)
    if not values:
        raise SignatureMissingError("the delivery has no X-Blooio-Signature header")
    if len(values) == 1 and (usual := _USUAL.fullmatch(values[0])):
        timestamp, digests = usual[1], [usual[2].lower()]
    else:
        timestamp, digests = _unusual(values)
    fits = False
    for known in secrets:
        ours = digest(raw, known, timestamp)
        for theirs in digests:
            fits |= hmac.compare_digest(ours, theirs)
    if not fits:
        raise SignatureMismatchError("the signature does not match the body and the secret")
    if tolerance is not None and abs(time.time() - int(timestamp)) > tolerance:
        raise TimestampOutsideToleranceError("the delivery was signed too long ago, or in the future")
    return timestamp


def sign(body: bytes | str, secret: str | Secret, timestamp: int | None = None) -> str:
    """Return the signature header's value for a body, as Blooio would send it; for tests and sandboxes.

    Args:
        body: The raw body, byte for byte as it will be sent.
        secret: The webhook's signing secret (`whsec_...`).
        timestamp: Unix seconds. Defaults to now.

    Raises:
        InvalidArgumentError: The body is not the raw body, or the secret is blank.
    """
    keys, secret = hidden_secrets(secret), ""
    seconds = str(int(time.time()) if timestamp is None else timestamp)
    (key,) = checked_secrets(keys)
    return f"t={seconds},v1={digest(_raw(body), key, seconds)}"


def digest(body: bytes, secret: Secret, timestamp: str) -> str:
    """Return the hex HMAC-SHA256 of a timestamp and a body."""
    message = timestamp.encode() + b"." + body
    return hmac.new(secret.reveal().encode(errors="surrogatepass"), message, "sha256").hexdigest()


def check_tolerance(tolerance: object) -> None:
    """Check the tolerance.

    Raises:
        InvalidArgumentError: It is neither a number of seconds >= 0 nor None.
    """
    if tolerance is None or (type(tolerance) is int and tolerance >= 0):
        return
    is_number = isinstance(tolerance, int | float) and not isinstance(tolerance, bool) and tolerance >= 0
    if not is_number:
        reject("tolerance must be a number of seconds >= 0, or None for any age")


def _unusual(values: list[str]) -> tuple[str, list[str]]:
    """Return the signed time and the digests; a proxy may repeat a header, or join two into one."""
    pairs = [item.strip().partition("=") for item in ",".join(values).split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    digests = [value.lower() for name, _, value in pairs if name == "v1" and _DIGEST.fullmatch(value)]
    if len(set(times)) != 1 or not _SECONDS.fullmatch(times[0]) or not digests:
        raise SignatureMalformedError("the X-Blooio-Signature header must be t=<seconds>,v1=<hex>")
    return times[0], digests


def is_replay(headers: Headers) -> bool:
    """Return whether a delivery says that it is a replay; the signature does not cover this."""
    values = _values(headers, REPLAY_HEADER)
    return bool(values) and values[0].strip().lower() == "true"


def header(headers: Headers, name: str) -> str:
    """Return the value of a header, or an empty string."""
    return ",".join(_values(headers, name))


def verified(body: bytes, headers: Headers, secrets: list[Secret], tolerance: float | None) -> tuple[bytes, str]:
    """Verify a body, decompressed first if a proxy compressed it after signing.

    Returns:
        The body, decompressed, and the signed time, as text.

    Raises:
        WebhookVerificationError: It cannot be trusted.
    """
    encoding = ",".join(_values(headers, "content-encoding")).strip().lower()
    plain = _unzipped(body) if "gzip" in encoding else body
    try:
        signed_at = check_signature(body, headers, secrets, tolerance)
    except SignatureMismatchError:
        if plain == body:
            if encoding in ("", "identity") or "gzip" in encoding:
                raise
            raise SignatureMismatchError(_ENCODED) from None
        signed_at = check_signature(plain, headers, secrets, tolerance)
    return plain, signed_at


_ENCODED: Final = (
    "the signature does not match the body and the secret; the body has a Content-Encoding other than gzip, probably"
    " from a proxy, which must not change the body"
)


def _unzipped(body: bytes) -> bytes:
    import zlib

    unzip = zlib.decompressobj(wbits=31)
    try:
        return unzip.decompress(body, MAX_BODY + 1)
    except zlib.error:  # for example, because the server decompressed it but kept the header
        return body


def _values(headers: Headers, wanted: str) -> list[str]:
    given: Any = headers
    items = getattr(given, "items", None)
    if items is None and (isinstance(given, str | bytes) or not isinstance(given, Iterable)):
        reject(f"headers is {type(given).__name__}; pass the headers of the delivery as a mapping or as pairs")
    found: list[str] = []
    size, wsgi_size = len(wanted), len(wanted) + _WSGI_PREFIX
    # Some frameworks pass bytes, lists of values, or WSGI names, regardless of their type hints.
    pairs = cast("Iterable[tuple[object, object]]", given if items is None else items())
    for name, value in pairs:
        text = name if type(name) is str else _text(name)
        # Comparing the length first is the cheapest way to skip nearly all of them.
        length = len(text)
        if length != size:
            if length != wsgi_size or not text.startswith("HTTP_"):
                continue
            text = text[_WSGI_PREFIX:].replace("_", "-")
        if text.lower() != wanted:
            continue
        if type(value) is str:
            found.append(value)
        else:
            several = cast("list[object]", value if isinstance(value, list | tuple) else [value])
            found.extend(_text(each) for each in several if each is not None)
    return found


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _raw(body: object) -> bytes:
    if type(body) is bytes and len(body) <= MAX_BODY:
        return body
    if not isinstance(body, bytes | bytearray | str):
        reject(f"the body is {type(body).__name__}; pass the raw bytes that were signed")
    raw = _encoded(body) if isinstance(body, str) else bytes(body)
    if raw is None:  # raised outside the except block, whose exception would hold the body
        raise SignatureMalformedError("the body is not valid Unicode")
    if len(raw) > MAX_BODY:
        raise SignatureMalformedError(f"the body is larger than {MAX_BODY} bytes")
    return raw


def _encoded(text: str) -> bytes | None:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def hidden_secrets(secret: object) -> object:
    """Hide secrets before anything else runs; `checked_secrets` validates them."""
    if type(secret) is str:
        return [Secret(secret)]
    if isinstance(secret, str | Secret):
        return [hidden(secret)]
    if isinstance(secret, bytes) or not isinstance(secret, Iterable):
        return type(secret)
    return [hidden(one) for one in cast("Iterable[object]", secret)]


def checked_secrets(keys: object) -> list[Secret]:
    """Return hidden secrets, all of which are valid.

    Raises:
        InvalidArgumentError: A secret is missing or invalid.
    """
    if is_list(keys) and len(keys) == 1 and type(keys[0]) is Secret and _is_one_word(keys[0]):
        return keys
    if isinstance(keys, type):
        reject(f"secret is {keys.__name__}; pass the webhook's signing secret (whsec_...)")
    listed: list[object] = list(keys) if is_list(keys) else []
    usable = [key for key in listed if isinstance(key, Secret) and key.reveal().strip()]
    if not usable or len(usable) < len(listed):
        reject("secret is empty; pass the webhook's signing secret (whsec_...), as it was shown when it was created")
    if not all(map(_is_one_word, usable)):
        reject("secret contains a blank or a line break, as at the end of a file; pass the signing secret alone")
    return usable


def _is_one_word(key: Secret) -> bool:
    return key.reveal().split() == [key.reveal()]
