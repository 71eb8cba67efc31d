"""Invalid arguments are rejected before anything is sent, and described without being shown."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_client.models import Message
from blooio_overrides.arguments import (
    checked_header_value,
    checked_limit,
    checked_text,
    checked_time,
    id_of,
    invisible_character,
    masked,
    reject,
)
from blooio_overrides.errors import InvalidArgumentError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(555) 123-4567", "(###) ###-####"),
        ("+15551234567", "+###########"),
        ("Ann@example.com", "xxx@xxxxxxx.xxx"),
        ("²½Ⅷ٣五", "####x"),
        ("नमस्ते", "xxxxxx"),
        ("e\u0301", "xx"),
        ("a\u202ab\n", "x<U+202A>x<U+000A>"),
        ("", ""),
        ("a" * 40, "x" * 40),
        ("a" * 41, "x" * 40 + "…"),
    ],
)
def test_a_mask_shows_only_the_form(text: str, expected: str) -> None:
    """Letters, marks and digits of any script are masked, invisible characters are named, and length is bounded."""
    assert expected == masked(text)


@given(st.text())
def test_a_mask_lets_nothing_through(text: str) -> None:
    """A masked text is printable and contains no letters or digits except the mask's own."""
    kept = [char for char in masked(text) if char in text and char.isalnum()]

    assert masked(text).isprintable()
    assert set(kept) <= set("xU0123456789ABCDEF")
    assert masked("7q" + text)[:2] == "#x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("+15551234567", None),
        ("josé 👍", None),
        ("\u202a+1555", "U+202A at position 0"),
        ("ab\ncd", "U+000A at position 2"),
        ("a\u200bb", "U+200B at position 1"),
        ("a\u2066b\u2069", "U+2066 at position 1"),
        ("a\ud800", "U+D800 at position 1"),
        ("\u2028", "U+2028 at position 0"),
        ("\u2029", "U+2029 at position 0"),
        ("\x7f", "U+007F at position 0"),
        ("\U000e0041", "U+E0041 at position 0"),
    ],
)
def test_invisible_characters_are_found(text: str, expected: str | None) -> None:
    """Control, formatting, bidirectional and separator characters are named with their position."""
    assert expected == invisible_character(text)


@pytest.mark.parametrize(
    ("value", "match"),
    [
        (None, "the id is NoneType; write it"),
        (5, "the id is int; write it"),
        ("", "the id is empty; write it"),
        (" \t", "the id is empty; write it"),
        ("a\nb", r"the id contains U\+000A at position 1; write it"),
    ],
)
def test_an_invalid_text_is_rejected(value: object, match: str) -> None:
    """Non-strings, blanks and invisible characters raise an error with the argument's name and what is expected."""
    with pytest.raises(InvalidArgumentError, match=match):
        checked_text(value, "the id", "write it")


def test_a_valid_text_is_unchanged() -> None:
    """A valid text is returned unchanged."""
    assert checked_text(" a b ", "the id", "write it") == " a b "


@pytest.mark.parametrize("value", ["abc", "a b", "!~"])
def test_header_values(value: str) -> None:
    """A header value can be visible ASCII with inner blanks."""
    assert value == checked_header_value(value, "x")


@pytest.mark.parametrize("value", [" a", "a ", "é", "a\r\nb", "\x00", "", None, b"a"])
def test_an_invalid_header_value_is_rejected(value: object) -> None:
    """Any other header value is rejected."""
    with pytest.raises(InvalidArgumentError, match=r"^x "):
        checked_header_value(value, "x")


@pytest.mark.parametrize(("value", "at_most"), [(None, 200), (1, 200), (200, 200), (10_000, None)])
def test_limits(value: int | None, at_most: int | None) -> None:
    """A limit is an integer in its range, or None."""
    assert value == checked_limit(value, "limit", at_most=at_most)


@pytest.mark.parametrize(
    ("value", "at_most", "match"),
    [
        (0, None, "limit is out of range; expected a whole number >= 1"),
        (-1, 200, "from 1 to 200"),
        (201, 200, "from 1 to 200"),
        (True, None, "limit is bool"),
        (1.0, None, "limit is float"),
        ("5", None, "limit is str"),
    ],
)
def test_an_invalid_limit_is_rejected(value: object, at_most: int | None, match: str) -> None:
    """Any other limit is rejected, and the error does not show it."""
    with pytest.raises(InvalidArgumentError, match=match):
        checked_limit(value, "limit", at_most=at_most)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("msg_1-2", "msg_1-2"),
        (SimpleNamespace(message_id="msg_1"), "msg_1"),
        (SimpleNamespace(id="msg_2"), "msg_2"),
        (SimpleNamespace(message_id=None, id="msg_2"), "msg_2"),
        (Message.from_dict({"message_id": "msg_3"}), "msg_3"),
    ],
)
def test_an_id_or_an_object_with_one(value: object, expected: str) -> None:
    """An id is a string, or an attribute of an object."""
    assert expected == id_of(value, "message", "message_id", "id")


@pytest.mark.parametrize("value", [None, 5, "", "a\n", object(), SimpleNamespace(message_id=5), Message.from_dict({})])
def test_an_object_without_an_id_is_rejected(value: Any) -> None:
    """An object without an id raises an error that lists the accepted attributes."""
    with pytest.raises(InvalidArgumentError, match=r"^message .*\.message_id or \.id"):
        id_of(value, "message", "message_id", "id")


def test_a_rejected_call_has_sent_false() -> None:
    """The error for a rejected call has `sent` False."""
    with pytest.raises(InvalidArgumentError, match=r"^no$") as caught:
        reject("no")

    assert caught.value.sent is False


def test_a_time_is_aware_or_milliseconds() -> None:
    """An aware datetime and a number of milliseconds are returned unchanged; 0 and -1 have meanings of their own."""
    now = datetime.datetime.now(datetime.UTC)

    assert checked_time(now, "since") is now
    assert [checked_time(time, "since") for time in (1_763_805_600_000, 0, -1)] == [1_763_805_600_000, 0, -1]


NAIVE = datetime.datetime(2025, 11, 22)  # noqa: DTZ001 - naive on purpose


class NoOffset(datetime.tzinfo):
    """A time zone without an offset."""

    def utcoffset(self, dt: datetime.datetime | None) -> None:
        """Return no offset."""

    dst = tzname = utcoffset


@pytest.mark.parametrize("time", [NAIVE, NAIVE.replace(tzinfo=NoOffset()), NAIVE.date(), "2025-11-22", 1.5, True])
def test_any_other_time_is_rejected(time: Any) -> None:
    """A naive datetime, a date, a string and a fraction are ambiguous, so they are rejected."""
    with pytest.raises(InvalidArgumentError, match=r"since is .*; expected an aware datetime"):
        checked_time(time, "since")


@pytest.mark.parametrize("time", [1, 1_763_805_600, 99_999_999_999])
def test_epoch_seconds_are_rejected(time: int) -> None:
    """Epoch seconds, as of `time.time()`, would mean 1970: a list would begin with the oldest message."""
    with pytest.raises(InvalidArgumentError, match="since looks like epoch seconds; expected an aware datetime"):
        checked_time(time, "since")
