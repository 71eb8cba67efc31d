"""A hundred thousand forged webhook deliveries."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blooio_client import webhooks
from blooio_client.errors import WebhookVerificationError
from blooio_overrides.webhooks.signatures import HEADER

CASES = 100_000
TOLERANCE = 3600
"""In seconds: longer than the other proofs take, which may run first."""
SECRET, BODY = "whsec_0123456789abcdef", b'{"event": "message.received", "message_id": "msg_1", "text": "Hi"}'
NOW = int(time.time())
SIGNED = webhooks.sign(BODY, SECRET, NOW)
seen: Counter[str] = Counter()


def replaced(text: bytes, position: int, new: bytes) -> bytes:
    """Replace random bytes of a text with others."""
    position %= len(text)
    return text[:position] + new + text[position + len(new) :]


BODIES = st.one_of(
    st.just(BODY),
    st.binary(max_size=80),
    st.builds(replaced, st.just(BODY), st.integers(0, 200), st.binary(min_size=1, max_size=3)),
    st.integers(0, len(BODY) - 1).map(lambda end: BODY[:end]),
    st.binary(min_size=1, max_size=4).map(lambda more: BODY + more),
)
VALUES = st.one_of(
    st.just(SIGNED),
    st.text(max_size=100),
    st.builds(replaced, st.just(SIGNED.encode()), st.integers(0, 200), st.binary(min_size=1, max_size=2)).map(
        lambda value: value.decode("latin-1")
    ),
    st.integers(0, len(SIGNED) - 1).map(lambda end: SIGNED[:end]),
    st.integers(-(10**13), 10**13).map(lambda moment: f"t={moment},{SIGNED.partition(',')[2]}"),
    st.lists(st.sampled_from([*SIGNED.split(","), f"t={NOW + 1}", "v0=0", "v1=", "=", ""]), max_size=5).map(",".join),
    st.text(min_size=1, max_size=30)
    .filter(lambda secret: secret.split() == [secret] and secret != SECRET)
    .map(lambda secret: webhooks.sign(BODY, secret, NOW)),
    st.sampled_from([NOW - TOLERANCE - 1, NOW + 10_000, 0]).map(lambda moment: webhooks.sign(BODY, SECRET, moment)),
)
NAMES = st.sampled_from([HEADER, HEADER.upper(), "X-Blooio-Signature", "Blooio-Signature", "X-Signature", ""])


def is_genuine(body: bytes, headers: dict[str, str]) -> bool:
    """Return whether a delivery is byte for byte the one that was signed, without computing a signature.

    A proxy may repeat the header, or join it with others, as long as all of them name the signed time.
    """
    values = [value for name, value in headers.items() if name.lower() == HEADER]
    parts = [part.strip() for value in values for part in value.split(",")]
    digest = SIGNED.partition("v1=")[2]
    times = [part for part in parts if part.startswith("t=")]
    digests = [part[3:].lower() for part in parts if part.startswith("v1=")]
    return body == BODY and set(times) == {f"t={NOW}"} and digest in digests


@settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(BODIES, st.dictionaries(NAMES, VALUES, max_size=2))
def check(body: bytes, headers: dict[str, str]) -> None:
    """Verify a delivery, and count the outcome."""
    seen["cases"] += 1
    try:
        webhooks.unwrap(body, headers, secret=SECRET, tolerance=TOLERANCE)
    except WebhookVerificationError as error:
        seen[type(error).__name__] += 1
    except Exception as error:  # noqa: BLE001 - all errors are counted
        seen["foreign exceptions"] += 1
        print(f"foreign: {type(error).__name__}")
    else:
        seen["genuine ones accepted" if is_genuine(body, headers) else "forgeries accepted"] += 1


@pytest.mark.proof
def test_no_forgery_is_accepted() -> None:
    """Only the genuine delivery is accepted; every other raises one of our errors."""
    seen.clear()
    while seen["cases"] < CASES:  # fewer than requested are tried if random choices repeat
        check()
    print(f"\n{dict(sorted(seen.items()))}")
    accepted, foreign = seen["forgeries accepted"], seen["foreign exceptions"]
    print(f"{seen['cases']} cases: {accepted} forgeries accepted, {foreign} foreign exceptions")

    assert (accepted, foreign) == (0, 0)
    assert seen["genuine ones accepted"]
    assert seen["SignatureMismatchError"] > CASES / 20
