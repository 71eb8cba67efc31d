"""Idempotency keys: the same ids give the same key."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import uuid
from decimal import Decimal
from enum import IntEnum, StrEnum
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel

from blooio_client.models import Contact
from blooio_client.types import Secret
from blooio_overrides.chat_ids import ChatId
from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.idempotency import checked_key, idempotency_key_for

PHONE = "+15551234567"


class Campaign(StrEnum):
    """A business id as an enum."""

    SUMMER = "summer"


class Step(IntEnum):
    """A business id as a named number."""

    FIRST = 1


class OrderId:
    """An id whose text is its value."""

    def __str__(self) -> str:
        return "order-42"


class Person(BaseModel):
    """A record, whose text is all of its fields."""

    name: str


class Row:
    """A record of Django or peewee, whose text is usually its name."""

    _meta = object()

    def __str__(self) -> str:
        return "Ann Lee"


# Never change these values: with a new key, a message that an earlier version sent would be sent again.
PINNED: list[tuple[tuple[object, ...], str]] = [
    (("campaign-7", PHONE), "de46161802edd74407672e221546f35a445db7cac6f755ba33cfeb0d474b4ccd"),
    (("campaign-7",), "16ab89a280fd9684ede6b9c41a17d73733d9c82cdebbe548fe6608b0f4b9f827"),
    ((42,), "c93050b1b9ffe92153f7f1f648d35080f5895aaa5fb17e76278113ae978b405e"),
    (("größe", "👍"), "cb07156d8f8a91ae26943fbc3eeb7c702375605a177f1efd86485a4eccfb9378"),
]


@pytest.mark.parametrize(("parts", "expected"), PINNED)
def test_keys_are_pinned(parts: tuple[object, ...], expected: str) -> None:
    """The same ids give the same key in every version and on every machine."""
    assert expected == idempotency_key_for(*parts)


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_a_key_is_the_same_in_another_process(seed: str) -> None:
    """A process with another hash seed and another time zone computes the same key."""
    program = (
        "from blooio_client import ChatId, idempotency_key_for as key\n"
        f"print(key('campaign-7', {PHONE!r}))\n"
        "print(key('a', ChatId.several({'ann@example.com', 'bob@example.com', 'eve@example.com'})))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)

    several = ChatId.several(["ann@example.com", "bob@example.com", "eve@example.com"])
    assert [idempotency_key_for("campaign-7", PHONE), idempotency_key_for("a", several)] == done.stdout.split()


@pytest.mark.parametrize(
    ("parts", "same"),
    [
        ((42,), ("42",)),
        ((ChatId.phone(PHONE),), (PHONE,)),
        ((Campaign.SUMMER,), ("summer",)),
        ((Step.FIRST,), ("1",)),
        ((OrderId(),), ("order-42",)),
        ((uuid.UUID(int=5),), ("00000000-0000-0000-0000-000000000005",)),
        ((datetime.date(2025, 1, 2),), ("2025-01-02",)),
        ((Decimal("1.50"),), ("1.50",)),
        ((PurePosixPath("a/b"),), ("a/b",)),
    ],
)
def test_an_id_is_its_text(parts: tuple[object, ...], same: tuple[object, ...]) -> None:
    """Objects whose text is their id give the key of that text."""
    assert idempotency_key_for(*same) == idempotency_key_for(*parts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a", "b"), ("b", "a")),
        (("a", "b"), ("a,b",)),
        (("a",), ("a", "a")),
        (("1:a",), ("1", "a")),
        (("a1:b",), ("a", "b")),
        (("a",), ("A",)),
        (("a",), ("a ",)),
    ],
)
def test_other_parts_give_another_key(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """The order and the boundaries of parts matter."""
    assert idempotency_key_for(*one) != idempotency_key_for(*other)


TEXTS = st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=4)


@given(TEXTS, TEXTS)
def test_keys_are_equal_only_if_their_parts_are(one: list[str], other: list[str]) -> None:
    """Equal parts give equal keys, different parts give different keys, and every key is a valid header value."""
    assume(one != other)

    assert idempotency_key_for(*one) == idempotency_key_for(*one) != idempotency_key_for(*other)
    assert checked_key(idempotency_key_for(*one)) == idempotency_key_for(*one)


@pytest.mark.parametrize(
    "parts",
    [
        (),
        ("",),
        (" \n",),
        ("a", ""),
        (None,),
        ("a", None),
        (True,),
        (1.0,),
        (1.5,),
        (b"a",),
        (bytearray(b"a"),),
        (object(),),
        ({"a", "b"},),
        (["a"],),
        (("a",),),
        ({"a": 1},),
        (Contact.from_dict({"identifier": PHONE}),),
        (Person(name="Ann"),),
        (Row(),),
        (Secret("canary"),),
        (print,),
        (Campaign,),
    ],
)
def test_an_unstable_id_is_rejected(parts: Any) -> None:
    """Parts whose text is not a stable id are rejected."""
    with pytest.raises(InvalidArgumentError, match="id") as caught:
        idempotency_key_for(*parts)

    assert "555" not in str(caught.value)


@pytest.mark.parametrize("key", ["order-42", "a b", "~" * 300])
def test_a_callers_key_is_kept(key: str) -> None:
    """A caller's key is used unchanged."""
    assert key == checked_key(key)


@pytest.mark.parametrize("key", ["", "  ", " a", "a\n", "é", "a\x00", 5, None, b"a"])
def test_a_key_that_is_not_a_header_value_is_rejected(key: Any) -> None:
    """A key that cannot be sent unchanged in a header is rejected."""
    with pytest.raises(InvalidArgumentError, match="idempotency_key"):
        checked_key(key)
