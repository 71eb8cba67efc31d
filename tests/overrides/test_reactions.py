"""Reactions: which one, and to which message."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_client.models import Message
from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.reactions import Tapback, reacted_message, reaction
from blooio_overrides.results import SentMessage

EMOJI = [
    "👍",
    "👍🏽",
    "〽️",
    "☝🏽",
    "Ⓜ️",
    "㊗️",
    "♾️",
    "🀄",
    "❤️",
    "☺️",
    "‼️",
    "⁉️",
    "〰️",
    "\u2139\ufe0f",
    "↔️",
    "▶️",
    "©️",
    "👨‍👩‍👧‍👦",
    "🧑🏽‍🚀",
    "👩🏻‍❤️‍💋‍👨🏿",
    "🏳️‍🌈",
    "🏴‍☠️",
    "🇩🇪",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "1️⃣",
    "#️⃣",
    "*️⃣",
    "🫩",  # newer than the Unicode tables of this Python
    "\U0001fac9",  # reserved for a future emoji
]


def test_there_are_six_tapbacks() -> None:
    """The tapbacks are the six classic ones."""
    assert [str(tapback) for tapback in Tapback] == ["love", "like", "dislike", "laugh", "emphasize", "question"]


@pytest.mark.parametrize("value", [*Tapback, *map(str, Tapback)])
def test_tapbacks(value: str) -> None:
    """A tapback is accepted as an enum member or as a string."""
    assert str(value) == reaction(value)


@pytest.mark.parametrize("value", EMOJI, ids=ascii)
def test_one_emoji(value: str) -> None:
    """Skin tones, joined emoji, flags and keycaps count as one emoji and are sent unchanged."""
    assert value == reaction(value)


@pytest.mark.parametrize(
    ("value", "full"),
    [
        ("❤", "❤️"),
        ("〽", "〽️"),
        ("☺", "☺️"),
        ("⁉", "⁉️"),
        ("😂\ufe0f", "😂"),
        ("☝\ufe0f", "☝️"),
        ("☝🏽", "☝🏽"),
        ("*⃣", "*️⃣"),
        ("1⃣", "1️⃣"),
        ("🏳\u200d🌈", "🏳️\u200d🌈"),
        ("❤\u200d🔥", "❤️\u200d🔥"),
        ("🕵🏽\u200d♂", "🕵🏽\u200d♂️"),
    ],
    ids=ascii,
)
def test_an_emoji_has_one_spelling(value: str, full: str) -> None:
    """Variation selectors do not matter, so `unreact` removes what `react` added."""
    assert reaction(value) == reaction(full) == full


@pytest.mark.parametrize(
    ("value", "match"),
    [
        *((value, "leave it out") for value in ("+love", "-love", "+👍", "-👍", "+")),
        *(
            (value, "neither a tapback nor one emoji")
            for value in (
                "→",
                "∑",
                "±",
                "★",
                "♪",
                "Love",
                "loved",
                "hi",
                "ok 👍",
                "👍 ",
                " love",
                "5",
                "1",
                "#",
                "12",
                "½",
            )
        ),
        *(
            (value, "neither a tapback nor one emoji")
            for value in ("👍👍", "👍🏽👍🏽", "❤️🔥", "🇩🇪🇫🇷", "🇩", "🇩👍", "👍🇩", "👍1️⃣", "12⃣", "a⃣", "⃣")
        ),
        *((value, "neither a tapback nor one emoji") for value in ("🔥👍🏽", "👍🏽🏽", "\ufe0f+love", "\ufe0f", "🏽")),
        *(
            (value, "neither a tapback nor one emoji")
            for value in (
                "👍\ufe0f\ufe0f",
                "👍a",
                "ä",
                "…",
                "—",
                "€",
                "«",
                "❤\ufe0e",
            )
        ),
        *((value, "the reaction is empty") for value in ("", "  ")),
        *(
            (value, "the reaction contains")
            for value in ("👍\n", "\u202a👍", "👍\u200b", "👍\ud800", "👍\u200d", "\u200d👍", "👍\u200da")
        ),
        *((value, "the reaction contains") for value in ("🏴\U000e0067", "👍\U000e0067\U000e007f")),
        *((value, "the reaction is") for value in (None, 5, True, b"love", ["love"])),
    ],
)
def test_an_invalid_reaction_is_rejected(value: Any, match: str) -> None:
    """Two emoji, text, a leading sign and an empty string are rejected."""
    with pytest.raises(InvalidArgumentError, match=match):
        reaction(value)


@given(st.text(alphabet="👍❤🏽🇩🇪\ufe0f\u200d\u20e3\U000e0067\U000e007f1#+a \u202a") | st.text())
def test_a_reaction_is_accepted_or_rejected(text: str) -> None:
    """Any text is rejected or changes only in variation selectors, and two reactions in a row are rejected."""
    try:
        accepted = reaction(text)
    except InvalidArgumentError:
        return

    assert accepted.replace("\ufe0f", "") == text.replace("\ufe0f", "")
    assert reaction(accepted) == accepted
    with pytest.raises(InvalidArgumentError):
        reaction(text + text)


@pytest.mark.parametrize(
    ("message", "direction", "expected"),
    [
        (-1, None, "-1"),
        (-2, "inbound", "-2"),
        (-1000, "outbound", "-1000"),
        ("msg_1", None, "msg_1"),
        ("Qm8F-bhH_3P7R", None, "Qm8F-bhH_3P7R"),
        ("-abc", None, "-abc"),
        ("-", None, "-"),
        (Message.from_dict({"message_id": "msg_2"}), None, "msg_2"),
        (SentMessage(["msg_3", "msg_4"], duplicate=False, idempotency_key="k"), None, "msg_3"),
        (SimpleNamespace(message_id="msg_5"), None, "msg_5"),
    ],
)
def test_the_message_of_a_reaction(message: Any, direction: str | None, expected: str) -> None:
    """A message is an id, an object with one, or a negative index with or without a direction."""
    assert expected == reacted_message(message, direction)


@pytest.mark.parametrize(
    ("message", "direction", "match"),
    [
        *((message, None, "not negative") for message in (0, 1, True, False)),
        *((message, None, "an index as a string") for message in ("-1", "-20", " -1", "-1 ")),
        ("msg_1", "inbound", "only applies to a relative index"),
        (Message.from_dict({"message_id": "msg_2"}), "inbound", "only applies to a relative index"),
        *((message, None, "^message ") for message in (None, 1.5, "", " ", "a\n", Message.from_dict({}), b"msg_1")),
    ],
)
def test_an_invalid_message_is_rejected(message: Any, direction: str | None, match: str) -> None:
    """A non-negative or string index, and a direction with an id, are rejected."""
    with pytest.raises(InvalidArgumentError, match=match):
        reacted_message(message, direction)
