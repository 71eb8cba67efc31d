"""Chat ids."""

from __future__ import annotations

import copy
import pickle
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blooio_client.models import Chat, Contact, Group
from blooio_overrides.chat_ids import ChatId, abridged, chat_id, phone_number
from blooio_overrides.errors import InvalidArgumentError

PHONE = "+15551234567"
NOT_A_TEXT: Any = 5
INVALID_PHONES = [
    "(555) 123-4567",
    "555-123-4567",
    "15551234567",
    "5551234567",
    "+1 555 123 4567",
    "+1-555-123-4567",
    "+0155512345",
    "+155512",
    "+1555123456789012",
    "+",
    "+1555CALLNOW",
    "(555)\u00a0123-4567",
    "(555) 123\u20134567",
    "555\u2011123\u20114567",
    "\uff0b\uff11\uff15\uff15\uff15\uff11\uff12\uff13\uff14\uff15\uff16\uff17",
    "\u0661\u0665\u0665\u0665\u0661\u0662\u0663",
    "+\u0661\u0665\u0665\u0665\u0661\u0662\u0663",
]


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [
        (PHONE, PHONE),
        (f" \t\r\n\v\f{PHONE}\n", PHONE),
        ("ann@example.com", "ann@example.com"),
        ("ann+tag@example.com", "ann+tag@example.com"),
        ("josé@example.com", "josé@example.com"),
        ("Ann@Example.com", "ann@example.com"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        ("\u03aa\u0301@example.com", "\u0390@example.com"),
        (["Ann@Example.com", "ann@example.com", "mailto:ANN@example.com"], "ann@example.com"),
        (Chat.from_dict({"id": "Bob@example.com,Ann@example.com"}), "ann@example.com,bob@example.com"),
        ("grp_abc123", "grp_abc123"),
        ("grp_01a117b9-0d68-7aaa", "grp_01a117b9-0d68-7aaa"),
        *((code, code) for code in ("911", "22395", "262966", "1234567", "12345678")),
        (f"tel:{PHONE}", PHONE),
        (f"TEL:{PHONE}", PHONE),
        (" mailto:ann@example.com", "ann@example.com"),
        (f"{PHONE}, ann@example.com", f"{PHONE},ann@example.com"),
        ([PHONE, "ann@example.com"], f"{PHONE},ann@example.com"),
        ((PHONE,), PHONE),
        ([PHONE, f" {PHONE}", "ann@example.com", PHONE], f"{PHONE},ann@example.com"),
        ([f"{PHONE},ann@example.com", PHONE], f"{PHONE},ann@example.com"),
        ([ChatId.phone(PHONE), "ann@example.com"], f"{PHONE},ann@example.com"),
        ((each for each in [PHONE, "ann@example.com"]), f"{PHONE},ann@example.com"),
        ({"b@example.com", "a@example.com", "c@example.com"}, "a@example.com,b@example.com,c@example.com"),
        (frozenset({ChatId("b@example.com"), "a@example.com"}), "a@example.com,b@example.com"),
        (ChatId.phone(PHONE), PHONE),
        (ChatId.several([PHONE, "ann@example.com"]), f"{PHONE},ann@example.com"),
        ([f"tel:{PHONE}", PHONE], PHONE),
        (["ann@example.com", PHONE], f"{PHONE},ann@example.com"),
        (f"ann@example.com,{PHONE}", f"{PHONE},ann@example.com"),
        (Chat.from_dict({"id": "SUPPORT"}), "SUPPORT"),
        (Chat.from_dict({"id": "SUPPORT,AMAZON 2FA"}), "AMAZON 2FA,SUPPORT"),
        *((Chat.from_dict({"id": text}), text) for text in ("5551234567", "+68849", "0555 123 456")),
        (Chat.from_dict({"id": "5551234567,+68849"}), "+68849,5551234567"),
        (SimpleNamespace(chat_id="SUPPORT"), "SUPPORT"),
        (ChatId.group("chat_1"), "chat_1"),
        (Chat.from_dict({"id": PHONE}), PHONE),
        (Contact.from_dict({"identifier": "ann@example.com", "id": "x"}), "ann@example.com"),
        (Group.from_dict({"group_id": "grp_1"}), "grp_1"),
        (SimpleNamespace(chat_id=None, group_id="grp_1"), "grp_1"),
        (SimpleNamespace(id="12345", chat_id=PHONE), PHONE),
        (["grp_1"], "grp_1"),
        ([Contact.from_dict({"identifier": PHONE}), "ann@example.com"], f"{PHONE},ann@example.com"),
    ],
)
def test_chat_ids(given_id: Any, expected: str) -> None:
    """A chat is a phone number, an email address, a group, several people or an object with an id, without blanks."""
    assert expected == str(chat_id(given_id))


@pytest.mark.parametrize(
    ("given_id", "match"),
    [
        *(
            (text, "expected a phone number")
            for text in ("", " \n", ".", "..", " .. ", "a@example.com,", ",", "a@b.example,,c")
        ),
        ([], "the list of chat ids is empty"),
        ((), "the list of chat ids is empty"),
        ({}, "the list of chat ids is empty"),
        ([""], "expected a phone number"),
        *((f"{PHONE}{char}5", "is invisible") for char in "\n\x00\u200b\u202a\u2066\ufeff\xad\ud800\u3164\u2800"),
        (f"\u202a{PHONE}\u202c", r"U\+202A at position 0"),
        *(
            (text, "is percent-encoded")
            for text in ("%2B15551234567", "ann%40example.com", "a%2cb", "grp_1%2F", "%2e%2e")
        ),
        *((text, "not in E.164 format") for text in INVALID_PHONES),
        *(
            (text, "is not valid; expected")
            for text in (
                "SUPPORT",
                "12",
                "chat_1",
                "grp_",
                "a@b@c",
                "urn:biz:1234",
                "hello",
                "\u0661\u0662\u0663",
                "a1",
            )
        ),
        ("mailto:ann@example.com?subject=x", "is not valid"),
        (f"tel:{PHONE};ext=2", "not in E.164 format"),
        ("tel:", "expected a phone number"),
        ("123456789", "not in E.164 format"),
        ([PHONE, "(555) 123-4567"], "not in E.164 format"),
        (f"{PHONE},555-123-4567", "not in E.164 format"),
        *(
            (value, "the chat id is")
            for value in (None, 5, True, 5.0, b"+15551234567", [None], [5], object(), ChatId(NOT_A_TEXT))
        ),
        (b"+15551234567", "the chat id is bytes"),
        (SimpleNamespace(chat_id="555 123 4567"), "not in E.164 format"),
        (SimpleNamespace(id=5), "the chat id is SimpleNamespace"),
        (SimpleNamespace(id="12345", identifier="12345", external_id="12345"), "the chat id is SimpleNamespace"),
        (["grp_1", "grp_2"], "contains a group"),
        (f"{PHONE},grp_1", "contains a group"),
        ([PHONE, Group.from_dict({"group_id": "grp_1"})], "contains a group"),
        *(
            (text, "is not valid; expected")
            for text in ("<ann@example.com>", "ann@example.com>", "Ann<ann@example.com")
        ),
        (Contact.from_dict({}), "the chat id is Contact"),
        (Chat.from_dict({"id": ".."}), "expected a phone number"),
    ],
)
def test_an_invalid_chat_id_is_rejected(given_id: Any, match: str) -> None:
    """An id that would reach someone else or no one is rejected, and the error says what is expected."""
    with pytest.raises(InvalidArgumentError, match=match):
        chat_id(given_id)


@pytest.mark.parametrize(
    ("make", "value", "expected"),
    [
        (ChatId.phone, f" {PHONE} ", PHONE),
        (ChatId.email, " ann@example.com", "ann@example.com"),
        (ChatId.email, "Ann@Example.com", "ann@example.com"),
        (ChatId.group, "grp_1-2 ", "grp_1-2"),
        (ChatId.several, [PHONE, "ann@example.com"], f"{PHONE},ann@example.com"),
    ],
)
def test_constructors(make: Any, value: Any, expected: str) -> None:
    """Each constructor accepts an id of its kind."""
    assert expected == str(make(value))


@pytest.mark.parametrize(
    ("make", "value", "match"),
    [
        *((ChatId.phone, value, "E.164") for value in [*INVALID_PHONES, "ann@example.com", "12345"]),
        *((ChatId.phone, value, "the chat id") for value in ("", None, 5, "%2B15551234567")),
        *((ChatId.email, value, "not an email") for value in ("ann", PHONE, "a@b@c", "a b@c", "a,b@c", "@b", "a@")),
        *((ChatId.email, value, "the chat id") for value in ("", None, "ann%40example.com")),
        (ChatId.group, "grp_1,grp_2", "a comma"),
        *((ChatId.group, value, "the chat id") for value in ("", ".", "..", None, "grp\n1")),
        (ChatId.several, PHONE, "expected a list"),
        (ChatId.several, [], "is empty"),
        (ChatId.several, None, "expected a list"),
        (ChatId.several, 5, "expected a list"),
    ],
)
def test_constructors_reject_other_kinds(make: Any, value: Any, match: str) -> None:
    """Each constructor rejects an id of another kind."""
    with pytest.raises(InvalidArgumentError, match=match):
        make(value)


def other(char: str) -> str:
    """Return another letter or digit of the same class."""
    if char in "123456789":
        return str(int(char) % 9 + 1)
    for row in ("abcdef", "ghijklmnopqrstuvwxyz", "GHIJKLMNOPQRSTUVWXYZ", "ABCDEF"):
        if char in row:
            return row[(row.index(char) + 1) % len(row)]
    return char


def rejection(value: object) -> str | None:
    """Return the text of the error for a chat id, or None if it is valid; any other exception fails the test."""
    try:
        chat_id(value)
    except InvalidArgumentError as error:
        return str(error)
    return None


@example("(555) 123-4567")
@example("ann%40example.com")
@example("+1555CALLNOW")
@given(st.text("0123456789abfgzABFGZ+-() @.,%_\u202a\n") | st.text())
def test_an_error_shows_only_the_form(text: str) -> None:
    """Two invalid ids that differ only in letters and digits raise the same error, so it shows neither."""
    assert rejection("".join(map(other, text))) == rejection(text)


@given(st.text())
def test_an_accepted_id_is_accepted_again(text: str) -> None:
    """A valid id stays the same when it is checked again."""
    if rejection(text) is None:
        accepted = str(chat_id(text))

        assert accepted == str(chat_id(accepted)) == str(chat_id(chat_id(text)))


def test_the_repr_of_a_chat_id_is_masked() -> None:
    """The repr of an id shows its form, and ids can be compared, copied and pickled."""
    chat = ChatId.phone(PHONE)

    assert repr(chat) == "ChatId('+###########')"
    assert {chat} == {ChatId(PHONE), copy.deepcopy(chat), pickle.loads(pickle.dumps(chat))}  # noqa: S301 - our own


def test_a_sender_is_a_phone_number() -> None:
    """A sender is a number in E.164 format; errors name the argument."""
    assert phone_number(f" {PHONE}\n", "from_number") == PHONE

    for wrong in ("", 5, "%2B1", "\u202a" + PHONE):
        with pytest.raises(InvalidArgumentError, match=r"^the from_number "):
            phone_number(wrong, "from_number")
    with pytest.raises(InvalidArgumentError, match=r"E\.164"):
        phone_number("grp_1", "from_number")


@given(st.permutations([PHONE, "ann@example.com", "+15559998888", "22395"]))
def test_the_order_of_recipients_does_not_matter(people: list[str]) -> None:
    """The same people have the same group id, so a key derived from it is stable."""
    assert chat_id(people) == chat_id(",".join(people)) == chat_id(["+15559998888", PHONE, "22395", "ann@example.com"])


@pytest.mark.parametrize(
    ("chat", "expected"),
    [
        (PHONE, "·····4567"),
        ("22395", "·····5"),
        ("grp_01a117b9", "·····17b9"),
        ("ann@example.com", "a·····@e·····"),
        (f"{PHONE},ann@example.com", "·····4567, a·····@e·····"),
        (f"{PHONE},22395,262966,911,711", "·····4567, ·····5, ·····66 and 2 more"),
        ("SU", "·····"),
    ],
)
def test_an_abridged_id(chat: str, expected: str) -> None:
    """An abridged id distinguishes chats, and never shows a whole number or address."""
    assert abridged(chat) == expected
