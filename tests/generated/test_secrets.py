from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from blooio_client import Secret, models
from blooio_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "sk_live_5550100"
HOLDERS = [
    models.Me.from_dict({"api_key": KEY, "metadata": {"a": 1}}),
    models.Me(api_key=Secret(KEY)),
    models.CreatedWebhook.from_dict({"webhook_id": "wh_1", "signing_secret": KEY}),
    models.WebhookSecret.from_dict({"signing_secret": KEY}),
]


@pytest.mark.parametrize("holder", [Secret(KEY), *HOLDERS])
def test_hidden(holder: Any) -> None:
    """A secret is in no text and no pickle of itself or of its model."""
    shown = [str(holder), repr(holder), f"{holder}", "%s %r" % (holder, holder)]  # noqa: UP031 - one more format

    assert all(KEY not in text and "**********" in text for text in shown)
    assert KEY.encode() not in pickle.dumps(holder)
    assert KEY.encode() not in pickle.dumps(holder, protocol=0)


@pytest.mark.parametrize("holder", [Secret(KEY), *HOLDERS])
def test_equal(holder: Any, duplicate: Callable[[Any], Any]) -> None:
    """A copy equals its original, even after pickling."""
    assert duplicate(holder) == holder


def test_reveal() -> None:
    """`reveal()` returns a secret, even from a copy; after unpickling, it raises an error."""
    secret = models.Me.from_dict({"api_key": KEY}).api_key
    assert secret is not None

    assert secret.reveal() == KEY
    assert copy.deepcopy(secret).reveal() == KEY
    with pytest.raises(InvalidArgumentError, match="pickle"):
        pickle.loads(pickle.dumps(secret)).reveal()  # noqa: S301 - our own


def test_compare() -> None:
    """Equal secrets have the same hash; a secret never equals a string."""
    assert Secret(KEY) == Secret(KEY)
    assert len({Secret(KEY), Secret(KEY), Secret("other")}) == 2
    assert Secret(KEY) != Secret("other")
    assert Secret(KEY) != KEY
    assert models.Me(api_key=Secret(KEY)) != models.Me(api_key=Secret("other"))


def test_to_dict() -> None:
    """`to_dict` contains the secret: it is the JSON that was received or is sent."""
    for holder in HOLDERS:
        assert KEY in json.dumps(holder.to_dict())


def test_several_secrets() -> None:
    """Strings in a list are secrets, even if the document promises one string."""
    me = models.Me.from_dict({"api_key": [KEY, None]})

    assert KEY not in f"{me!r} {me.api_key} {attrs.asdict(me, recurse=False)}"
    assert me.to_dict() == {"api_key": [KEY, None]}


@pytest.mark.parametrize("value", [None, 5, [1], {"a": 1}, True])
def test_not_a_secret(value: Any) -> None:
    """A value that is not a string is kept as received."""
    me = models.Me.from_dict({"api_key": value})

    assert me.api_key == value
    assert me.to_dict() == {"api_key": value}


def test_the_source_is_unchanged() -> None:
    """Reading does not change the JSON that was read."""
    body = {"api_key": KEY, "devices": [{"phone_number": "+15551234567"}]}
    me = models.Me.from_dict(body)

    assert me.devices
    assert body == {"api_key": KEY, "devices": [{"phone_number": "+15551234567"}]}


@pytest.mark.parametrize("value", ["", "\ud800", "é" * 1000])
def test_any_text(value: str) -> None:
    """Any text can be a secret."""
    assert Secret(value).reveal() == value
    assert value == "" or value not in repr(Secret(value))
