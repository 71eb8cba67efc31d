"""When a request may be sent again, and after how long."""

from __future__ import annotations

import email.utils
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import BROKEN, NOT_SENT

from blooio_overrides._call.operations import Repeat
from blooio_overrides._call.outcome import Outcome, Response
from blooio_overrides._call.retries import (
    fits,
    is_own_first_attempt,
    may_repeat,
    pause_after,
    retry_after,
)

JSON_ERROR = b'{"error":"ApiError"}'
SAFE, KEYED, VISIBLE, ONCE = Repeat.SAFE, Repeat.KEYED, Repeat.VISIBLE, Repeat.ONCE

# The last outcome, what may be repeated after it, and what may be repeated if an earlier outcome is also unknown.
RULES: list[tuple[str, Outcome, set[Repeat], set[Repeat]]] = [
    ("not sent", NOT_SENT, {SAFE, KEYED, VISIBLE, ONCE}, {SAFE, KEYED, VISIBLE, ONCE}),
    ("broken", BROKEN, {SAFE, KEYED}, {SAFE, KEYED}),
    *(
        (f"{status}", Response(status, {}, JSON_ERROR), {SAFE, KEYED}, {SAFE, KEYED})
        for status in (408, 425, 500, 502, 504)
    ),
    ("503 JSON", Response(503, {}, JSON_ERROR), {SAFE, KEYED, VISIBLE}, {SAFE, KEYED, VISIBLE}),
    *(
        (f"503 {body!r}", Response(503, {}, body), {SAFE, KEYED}, {SAFE, KEYED})
        for body in (b"", b"<html>", b"[]", b"null")
    ),
    ("429", Response(429, {}, JSON_ERROR), {SAFE, KEYED, VISIBLE, ONCE}, {SAFE, KEYED, VISIBLE, ONCE}),
    ("429 html", Response(429, {}, b"<html>"), {SAFE, KEYED, VISIBLE, ONCE}, {SAFE, KEYED, VISIBLE, ONCE}),
    ("429 code", Response(429, {}, b'{"code":"outbound_limit_reached"}'), set(), set()),
    ("409", Response(409, {}, JSON_ERROR), set(), {KEYED}),
    *(
        (f"{status}", Response(status, {}, JSON_ERROR), set[Repeat](), set[Repeat]())
        for status in (200, 202, 301, 302, 307, 400, 401, 402, 403, 404, 422, 501)
    ),
]


@pytest.mark.parametrize(
    ("outcome", "allowed", "allowed_after_unknown"), [rule[1:] for rule in RULES], ids=[rule[0] for rule in RULES]
)
def test_retries_by_outcome(outcome: Outcome, allowed: set[Repeat], allowed_after_unknown: set[Repeat]) -> None:
    """Each class of operations is retried only after outcomes that cannot make it happen twice."""
    assert {each for each in Repeat if may_repeat(each, outcome, uncertain=False)} == allowed
    assert {each for each in Repeat if may_repeat(each, outcome, uncertain=True)} == allowed_after_unknown


@pytest.mark.parametrize(
    ("outcome", "uncertain", "expected"),
    [
        (Response(409, {}, b""), True, True),
        (Response(409, {}, b""), False, False),
        (Response(404, {}, b""), True, False),
        (BROKEN, True, False),
    ],
)
def test_a_conflict_with_ourselves(outcome: Outcome, uncertain: bool, expected: bool) -> None:
    """Only a 409 after an unknown outcome counts as our own first attempt."""
    assert expected is is_own_first_attempt(outcome, uncertain=uncertain)


@pytest.mark.parametrize(
    ("attempts", "longest"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (99, 8.0), (10**6, 8.0)]
)
@pytest.mark.parametrize("chance", [0.0, 0.25, 1.0])
def test_the_jitter_is_full_and_its_range_doubles(attempts: int, longest: float, chance: float) -> None:
    """Backoff is random, up to 0.5 s, doubling to 8 s, for any number of attempts."""
    assert chance * longest == pause_after(BROKEN, attempts, lambda: chance)
    assert chance * longest == pause_after(Response(503, {}, b""), attempts, lambda: chance)


@pytest.mark.parametrize("asked", ["0", "7", "3600"])
def test_retry_after_determines_the_pause(asked: str) -> None:
    """Retry-After is used exactly, without jitter."""
    assert float(asked) == pause_after(Response(503, {"retry-after": asked}, b""), 1, lambda: 0.5)


@pytest.mark.parametrize("asked", ["-1", "-inf", "inf", "nan", "1e400", "Wed, 21 Oct 2015 07:28:00 GMT"])
@pytest.mark.parametrize("attempts", [1, 3])
def test_an_invalid_retry_after_never_shortens_the_backoff(asked: str, attempts: int) -> None:
    """A negative, infinite or past Retry-After is ignored, and the backoff is unchanged."""
    without, with_it = Response(503, {}, b""), Response(503, {"retry-after": asked}, b"")

    assert pause_after(with_it, attempts, lambda: 0.5) == pause_after(without, attempts, lambda: 0.5) > 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0.0),
        ("5", 5.0),
        (" 5 ", 5.0),
        ("1.5", 1.5),
        ("1e2", 100.0),
        ("-5", None),
        ("1e308", 1e308),
        ("", None),
        ("   ", None),
        ("inf", None),
        ("-inf", None),
        ("-0.001", None),
        ("1e400", None),
        ("Infinity", None),
        ("nan", None),
        ("9" * 400, None),
        ("soon", None),
        ("5 seconds", None),
        ("Wed, 99 Foo 2015 07:28:00 GMT", None),
        ("Wed, 21 Oct 99999999 07:28:00 GMT", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", None),
        ("Wed, 21 Oct 2015 07:28:00", None),
        ("Wed Oct 21 07:28:00 2015", None),
    ],
)
def test_retry_after(value: str, expected: float | None) -> None:
    """A finite number >= 0 is used; a past date, a negative number and anything else is ignored."""
    assert expected == retry_after({"retry-after": value})


def test_no_retry_after() -> None:
    """Without the header, the result is None."""
    assert retry_after({}) is None


@pytest.mark.parametrize("ahead", [10, 3600])
def test_retry_after_with_a_future_date(monkeypatch: pytest.MonkeyPatch, ahead: int) -> None:
    """A future date is converted to seconds, regardless of the local time zone."""
    monkeypatch.setattr(time, "time", lambda: 1_000_000_000.0)

    assert float(ahead) == retry_after({"retry-after": email.utils.formatdate(1_000_000_000 + ahead, usegmt=True)})


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2},? ?[0-9]{1,5} [A-Z][a-z]{2} [0-9]{1,6} [0-9:.]{1,9} ?[-+A-Z0-9]{0,6}"))
def test_no_retry_after_raises(value: str) -> None:
    """Any header value yields a finite, non-negative number of seconds, or None."""
    seconds = retry_after({"retry-after": value})

    assert seconds is None or 0.0 <= seconds < float("inf")


@pytest.mark.parametrize(
    ("pause", "left", "expected"),
    [
        (0.0, None, True),
        (60.0, None, True),
        (60.1, None, False),
        (0.0, 0.0, False),
        (5.0, 5.0, False),
        (4.9, 5.0, True),
        (61.0, 90.0, True),
        (3600.0, 30.0, False),
    ],
)
def test_a_pause_fits_if_time_is_left_after_it(pause: float, left: float | None, expected: bool) -> None:
    """A pause must end before the deadline, or last at most 60 s without a deadline."""
    assert expected is fits(pause, left)
