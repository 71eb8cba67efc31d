"""Webhook signatures."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import time
from collections import UserString
from email.message import Message
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blooio_client.types import Secret
from blooio_overrides import webhooks
from blooio_overrides.errors import (
    InvalidArgumentError,
    SignatureMalformedError,
    SignatureMismatchError,
    SignatureMissingError,
    TimestampOutsideToleranceError,
    WebhookVerificationError,
)
from blooio_overrides.webhooks.signatures import HEADER, MAX_BODY, sign, verified, verify

NOW = 1_700_000_000
SECRET = "whsec_canary"
BODY = b'{"event":"message.received","message_id":"msg_1","text":"Gr\xc3\xbc\xc3\x9fe"}'
DIGEST = hmac.new(SECRET.encode(), b"1700000000." + BODY, hashlib.sha256).hexdigest()
SIGNED = f"t={NOW},v1={DIGEST}"
NO_BODIES: list[object] = [{}, {"event": "canary"}, [], None, 5, memoryview(BODY)]
NO_SECRETS: list[object] = [
    None,
    "",
    "  ",
    [],
    (),
    [SECRET, ""],
    [None],
    Secret(""),
    5,
    b"whsec_canary",
    [b"whsec_canary"],
]
NO_TOLERANCES: list[object] = ["300", -1, float("nan"), True, []]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW + 0.5)


def headers(value: Any = SIGNED) -> dict[str, Any]:
    """The headers of a delivery."""
    return {"Content-Type": "application/json", "X-Blooio-Signature": value, "X-Blooio-Event": "message.received"}


def test_the_signature_is_as_documented() -> None:
    """A signature is the hex HMAC-SHA256 of time, dot and raw body, under the whole secret as text."""
    assert sign(BODY, SECRET, NOW) == SIGNED == sign(BODY.decode(), Secret(SECRET))
    assert DIGEST == "bd3fd0b1c3cad8d391373343d3639065dd9150177296c2d5f1c3efc284bdddf9"


@pytest.mark.parametrize(
    "given_headers",
    [
        headers(),
        {HEADER: SIGNED},
        {"X-BLOOIO-SIGNATURE": SIGNED},
        {b"x-blooio-signature": SIGNED.encode()},
        MappingProxyType(headers()),
        headers(f"v1={DIGEST},t={NOW}"),
        headers(f" t={NOW} , v1={DIGEST} "),
        headers(f"t={NOW},v1={DIGEST.upper()}"),
        headers(f"t={NOW},v1={'0' * 64},v1={DIGEST}"),
        headers(f"t={NOW},v1={DIGEST},v1={'0' * 64}"),
        headers(f"t={NOW},v1=short,v1={DIGEST}"),
        headers(f"t={NOW},v0={'0' * 64},v2=abc,v1={DIGEST},note,=,"),
        {"X-Blooio-Signature": f"t={NOW}", "x-blooio-signature": f"v1={DIGEST}"},
        headers(f"{SIGNED}, {SIGNED}"),
        headers([SIGNED, SIGNED]),
        [("x-blooio-signature", SIGNED)],
        {"HTTP_X_BLOOIO_SIGNATURE": SIGNED, "HTTP_X_OTHER": "x"},
    ],
)
def test_the_headers_of_a_valid_delivery(given_headers: Any) -> None:
    """Any case, type and order of headers, and several schemes or signatures, are accepted."""
    verify(BODY, given_headers, secret=SECRET)


@pytest.mark.parametrize("body", [BODY, bytearray(BODY), BODY.decode()])
@pytest.mark.parametrize(
    "secret", [SECRET, Secret(SECRET), ["whsec_new", SECRET], (Secret(SECRET), Secret("whsec_new")), {SECRET}]
)
def test_the_body_and_secrets_of_a_valid_delivery(body: Any, secret: Any) -> None:
    """A body may be bytes or text, and several secrets may be valid."""
    verify(body, headers(), secret=secret)


def test_headers_of_the_standard_library_are_headers() -> None:
    """Header objects that are not mappings, such as those of `http.server`, are accepted."""
    message = Message()
    message["X-Blooio-Signature"] = SIGNED
    given_headers: Any = message

    verify(BODY, given_headers, secret=SECRET)


@pytest.mark.parametrize(
    ("body", "value", "secret", "expected"),
    [
        (BODY + b" ", SIGNED, SECRET, SignatureMismatchError),
        (b"", SIGNED, SECRET, SignatureMismatchError),
        (BODY.replace(b"msg_1", b"msg_2"), SIGNED, SECRET, SignatureMismatchError),
        (BODY, SIGNED, "whsec_other", SignatureMismatchError),
        (BODY, SIGNED, SECRET.removeprefix("whsec_"), SignatureMismatchError),
        (BODY, SIGNED, SECRET + "_", SignatureMismatchError),
        (BODY, SIGNED, ["whsec_a", "whsec_b"], SignatureMismatchError),
        (BODY, SIGNED, "\ud800", SignatureMismatchError),
        (BODY, f"t={NOW + 1},v1={DIGEST}", SECRET, SignatureMismatchError),
        (BODY, f"t=0{NOW},v1={DIGEST}", SECRET, SignatureMismatchError),
        (BODY, f"t={NOW},v1={'0' * 64}", SECRET, SignatureMismatchError),
        (BODY, f"t={NOW},v1={hmac.new(b'', BODY, 'sha256').hexdigest()}", SECRET, SignatureMismatchError),
        *(
            (BODY, value, SECRET, SignatureMalformedError)
            for value in (
                "",
                "t",
                DIGEST,
                f"t={NOW}",
                f"v1={DIGEST}",
                f"t=,v1={DIGEST}",
                f"t=-1,v1={DIGEST}",
                f"t={NOW}.5,v1={DIGEST}",
                f"t=\uff11\uff17,v1={DIGEST}",
                f"t={'9' * 13},v1={DIGEST}",
                f"t={NOW},t={NOW + 1},v1={DIGEST}",
                f"t={NOW},v1={DIGEST}0",
                f"t={NOW},v1={DIGEST[1:]}",
                f"t={NOW},v1=\u0661{DIGEST[1:]}",
                f"t={NOW},V1={DIGEST}",
                f"t={NOW},v1 ={DIGEST}",
                f"t={NOW},v1:{DIGEST}",
                f"t={NOW};v1={DIGEST}",
                f"t={NOW},v2={DIGEST}",
                f"t={NOW}\n,v1={DIGEST}\x00",
                5,
            )
        ),
        ("\ud800", SIGNED, SECRET, SignatureMalformedError),
        (b"x" * (MAX_BODY + 1), SIGNED, SECRET, SignatureMalformedError),
        ("ü" * (MAX_BODY // 2) + "x", SIGNED, SECRET, SignatureMalformedError),
    ],
)
def test_a_modified_delivery_is_rejected(
    body: Any, value: Any, secret: Any, expected: type[WebhookVerificationError]
) -> None:
    """A changed body, secret, time or signature is rejected with an error that shows none of them."""
    with pytest.raises(expected) as caught:
        verify(body, headers(value), secret=secret)

    assert type(caught.value) is expected
    assert not any(private in str(caught.value) for private in ("canary", "msg_", DIGEST, str(NOW)))


@pytest.mark.parametrize(
    "given_headers", [{}, [], headers(None), {"X-Signature": SIGNED}, {"X-Blooio-Event": "x"}, {"": "", 5: 5}]
)
def test_a_delivery_without_a_signature_is_rejected(given_headers: Any) -> None:
    """An unsigned delivery is rejected."""
    with pytest.raises(SignatureMissingError):
        verify(BODY, given_headers, secret=SECRET)


def test_the_largest_body_is_accepted() -> None:
    """A body of 256 KiB is accepted, and one byte more is rejected."""
    body = b"x" * MAX_BODY

    verify(body, headers(sign(body, SECRET, NOW)), secret=SECRET)


@pytest.mark.parametrize(
    ("tolerance", "age", "is_fresh"),
    [
        (300, 0, True),
        (300, 299, True),
        (300, 301, False),
        (300, -300, True),
        (300, -302, False),
        (0.5, 0, True),
        (0, 1, False),
        (None, NOW, True),
        (None, -(10**11), True),
        (10**9, 10**6, True),
        (float("inf"), NOW, True),
    ],
)
def test_only_fresh_deliveries_are_accepted(tolerance: float | None, age: int, is_fresh: bool) -> None:
    """A signature that is too old or from the future is rejected, unless tolerance=None."""
    given_headers = headers(sign(BODY, SECRET, NOW - age))

    if is_fresh:
        verify(BODY, given_headers, secret=SECRET, tolerance=tolerance)
    else:
        with pytest.raises(TimestampOutsideToleranceError):
            verify(BODY, given_headers, secret=SECRET, tolerance=tolerance)


def test_five_minutes_are_the_default() -> None:
    """The default tolerance is 300 s."""
    verify(BODY, headers(sign(BODY, SECRET, NOW - 299)), secret=SECRET)

    with pytest.raises(TimestampOutsideToleranceError):
        verify(BODY, headers(sign(BODY, SECRET, NOW - 301)), secret=SECRET)


def test_a_forged_time_is_not_reported_as_old() -> None:
    """The signature is checked before the time, so the clock is not revealed without the secret."""
    with pytest.raises(SignatureMismatchError):
        verify(BODY, headers(f"t=1,v1={DIGEST}"), secret=SECRET)


@pytest.mark.parametrize(
    ("body", "given_headers", "secret", "tolerance", "match"),
    [
        *((body, headers(), SECRET, 300, "the body is") for body in NO_BODIES),
        *((BODY, headers(), secret, 300, "secret") for secret in NO_SECRETS),
        (BODY, headers(), SECRET.encode(), 300, "secret is bytes; pass the webhook's signing secret"),
        *((BODY, headers(), secret, 300, "line break") for secret in (f"{SECRET}\n", [SECRET, f" {SECRET}"])),
        *((BODY, given, SECRET, 300, "headers") for given in (None, "canary", b"canary", 5)),
        *((BODY, headers(), SECRET, tolerance, "tolerance") for tolerance in NO_TOLERANCES),
    ],
)
def test_an_invalid_argument_is_rejected(
    body: Any, given_headers: Any, secret: Any, tolerance: Any, match: str
) -> None:
    """A parsed body, a missing secret and invalid headers raise InvalidArgumentError."""
    with pytest.raises(InvalidArgumentError, match=match) as caught:
        verify(body, given_headers, secret=secret, tolerance=tolerance)

    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(("body", "secret"), [({}, SECRET), (BODY, ""), (BODY, None)])
def test_an_invalid_body_is_not_signed(body: Any, secret: Any) -> None:
    """Signing needs a raw body and a secret."""
    with pytest.raises(InvalidArgumentError):
        sign(body, secret)


def test_unwrapping_verifies_first() -> None:
    """An untrusted delivery is not parsed."""
    event = webhooks.unwrap(BODY, headers(), secret=SECRET)

    assert isinstance(event, webhooks.MessageReceived)
    assert (event.message_id, event.text) == ("msg_1", "Grüße")
    with pytest.raises(SignatureMismatchError):
        webhooks.unwrap(b"no json", headers(), secret=SECRET)
    with pytest.raises(SignatureMalformedError):
        webhooks.unwrap(b"no json", headers(sign(b"no json", SECRET)), secret=SECRET)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, len(BODY) - 1),
    st.integers(1, 255),
    st.integers(0, len(SIGNED) - 1),
    st.characters(codec="ascii"),
    st.booleans(),
)
def test_no_mutated_delivery_is_accepted(at: int, bits: int, place: int, char: str, in_body: bool) -> None:
    """A delivery with one changed byte or signature character is rejected, without any other error."""
    body = BODY[:at] + bytes([BODY[at] ^ bits]) + BODY[at + 1 :] if in_body else BODY
    value = SIGNED if in_body else SIGNED[:place] + char + SIGNED[place + 1 :]
    if (body, value.strip().lower()) == (BODY, SIGNED):
        return

    with pytest.raises(WebhookVerificationError):
        verify(body, headers(value), secret=SECRET)


@given(
    st.binary() | st.text(),
    st.dictionaries(st.text() | st.just(HEADER), st.text() | st.from_regex(r"t=[0-9]{1,12},v1=[0-9a-f]{64}")),
    st.text(min_size=1).filter(lambda text: text.split() == [text]),
)
def test_nothing_foreign_is_raised(body: bytes | str, given_headers: dict[str, str], secret: str) -> None:
    """Random input is rejected with a verification error, and raises no other error."""
    with pytest.raises(WebhookVerificationError):
        verify(body, given_headers, secret=secret)


def test_a_header_value_of_another_type_is_read_as_its_text() -> None:
    """A header value of another type, such as `UserString`, is read as its text."""
    verify(BODY, headers(UserString(SIGNED)), secret=SECRET)


@pytest.mark.parametrize("encoding", ["gzip", "GZip", "x-gzip"])
def test_the_name_of_an_encoding_may_be_in_any_case(encoding: str) -> None:
    """A body that a proxy compressed with gzip is verified as it was signed, however the header spells gzip."""
    headers = {HEADER: SIGNED, "Content-Encoding": encoding}
    assert verified(gzip.compress(BODY), headers, [Secret(SECRET)], None)[0] == BODY


def test_a_decompressed_body_may_keep_its_content_encoding() -> None:
    """If a server decompresses a body but keeps Content-Encoding, deliveries are accepted and forgeries rejected."""
    headers = {HEADER: SIGNED, "Content-Encoding": "gzip"}
    assert verified(BODY, headers, [Secret(SECRET)], None)[0] == BODY
    with pytest.raises(SignatureMismatchError):
        verified(BODY + b" ", headers, [Secret(SECRET)], None)
