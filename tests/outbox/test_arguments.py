"""Arguments of the outbox, used and mistyped."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from blooio_client import Blooio, InvalidArgumentError
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

TO = "+15550000001"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Blooio]:
    """A client of the sandbox."""
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as made:
        yield made


def test_a_styled_text(outbox: Outbox, client: Blooio, sandbox: Sandbox) -> None:
    """A row with format="markdown" is sent with its styles, next to plain rows."""
    rows = [
        {"to": TO, "text": "**Today**", "key": "styled", "format": "markdown"},
        {"to": TO, "text": "**Today**", "key": "plain"},
    ]
    outbox.add_many(rows)
    outbox.run(client, concurrency=1, until_empty=True)

    assert [each.text for each in sandbox.messages] == ["Today", "**Today**"]


def test_cancelling_an_empty_key(outbox: Outbox) -> None:
    """An empty key names no message; in particular, not every message without a campaign."""
    outbox.add(TO, "Hi", key="a")

    assert outbox.cancel(key="") == 0
    assert outbox.progress().counts == {"waiting": 1}


@pytest.mark.parametrize("change", ["pause", "resume", "pace"])
def test_a_number_that_is_not_a_phone_number(outbox: Outbox, change: str) -> None:
    """A mistyped number raises an error: otherwise the real one would go on sending."""
    options = {"per_minute": 4} if change == "pace" else {}
    with pytest.raises(InvalidArgumentError, match="number must be a phone number"):
        getattr(outbox, change)("(555) 010-0001", **options)


@pytest.mark.parametrize("age", [90, datetime.timedelta(days=-1)])
def test_an_age_that_is_not_a_duration(outbox: Outbox, client: Blooio, age: Any) -> None:
    """A number or a negative duration raises an error, and nothing is deleted or requested."""
    with pytest.raises(InvalidArgumentError, match="older_than must be a timedelta"):
        outbox.prune(age)
    with pytest.raises(InvalidArgumentError, match="younger_than must be a timedelta"):
        outbox.refresh(client, younger_than=age)
