"""Results, and how they are built from responses."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from blooio_client import calls
from blooio_client.models import SendStatus
from blooio_client.types import Secret
from blooio_overrides._call.exchange import Exchange
from blooio_overrides._call.failures import CallState
from blooio_overrides._call.operations import Repeat
from blooio_overrides._call.outcome import Response
from blooio_overrides._rules.conversation import sent_message
from blooio_overrides._rules.webhooks import created_webhook
from blooio_overrides.errors import UnexpectedResponseError
from blooio_overrides.results import CreatedWebhook, RawResponse, SentMessage

SEND = calls.send_message("+15551234567", body={"text": "Hello"})


def test_the_repr_of_a_send_shows_no_number_in_its_key() -> None:
    """An idempotency key of the user's own may contain a phone number, of which the repr shows the end."""
    assert "15551234567" not in repr(SentMessage(["msg_1"], None, "welcome_15551234567"))
    assert "idempotency_key=·····4567," in repr(SentMessage(["msg_1"], None, "welcome_15551234567"))


def sent_exchange(
    data: object,
    *,
    status: int = 202,
    key: str | None = "order-42",
    own_key: bool = False,
    uncertain: bool = False,
) -> Exchange:
    """A send with a response."""
    state = CallState(SEND, Repeat.KEYED, key, own_key, attempts=1, uncertain=uncertain)
    return Exchange(state, Response(status, {}, json.dumps(data).encode()), expired=False)


def subscribed(data: object, status: int) -> Exchange:
    """A subscription with a response."""
    state = CallState(calls.create_webhook(body={"webhook_url": "https://a.example"}), Repeat.ONCE, None, attempts=1)
    return Exchange(state, Response(status, {}, json.dumps(data).encode()), expired=False)


@pytest.mark.parametrize(
    ("status", "own_key", "uncertain", "expected"),
    [
        (202, True, False, False),
        (202, True, True, False),
        (202, False, False, False),
        (202, False, True, False),
        (201, False, False, False),
        (200, True, False, True),
        (200, False, False, True),
        (200, True, True, False),
        (200, False, True, None),
    ],
)
def test_is_duplicate(status: int, own_key: bool, uncertain: bool, expected: bool | None) -> None:
    """A 200 is a duplicate; after an unknown outcome, it is not for a generated key, and may be for a caller's."""
    sent = sent_message(sent_exchange({"id": "a"}, status=status, own_key=own_key, uncertain=uncertain))

    assert expected is sent.duplicate


def test_a_sent_message_has_every_field() -> None:
    """The result of a send has its message ids, its key, and the created group."""
    data = {
        "message_ids": ["a", "b"],
        "status": "queued",
        "group_id": "grp_1",
        "group_created": True,
        "participants": ["+15551234567"],
        "new": 5,
    }
    sent = sent_message(sent_exchange(data, key="order-42"))

    assert (sent.message_ids, sent.message_id, sent.duplicate) == (["a", "b"], "a", False)
    assert (sent.idempotency_key, sent.status) == ("order-42", SendStatus.QUEUED)
    assert (sent.group_id, sent.group_created, sent.participants) == ("grp_1", True, ["+15551234567"])
    assert data == sent.raw


def test_a_sent_message_requires_only_an_id() -> None:
    """Missing fields are None, and an unknown status is kept."""
    sent = sent_message(sent_exchange({"id": "a", "status": "thinking"}, key="fresh"))

    assert (sent.message_ids, sent.idempotency_key, sent.status) == (["a"], "fresh", "thinking")
    assert (sent.group_id, sent.group_created, sent.participants) == (None, None, None)


def test_a_key_from_a_header_is_the_callers() -> None:
    """A key from a header is in the result, and `duplicate` is None after an unknown outcome."""
    sent = sent_message(sent_exchange({"id": "a"}, status=200, key="theirs", uncertain=True))

    assert (sent.idempotency_key, sent.duplicate) == ("theirs", None)


def test_an_accepted_send_without_a_message_id_is_an_error() -> None:
    """An accepted send without a message id raises an error, so a result always has one."""
    with pytest.raises(UnexpectedResponseError, match="has no message id"):
        sent_message(sent_exchange({"status": "queued"}))


def pickled(value: Any) -> Any:
    """Return a pickled and unpickled copy."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_results_survive_copies(copied: Any) -> None:
    """A result can be copied and pickled."""
    sent = SentMessage(["a"], duplicate=None, idempotency_key="k", raw={"id": "a"})
    raw = RawResponse(200, {"a": "b"}, b"{}", {})

    assert (sent, raw) == (copied(sent), copied(raw))


def test_a_new_subscription_has_its_secret() -> None:
    """A 201 is a new subscription, with the secret that is shown only once and hidden in every repr."""
    data = {
        "webhook_id": "wh_a-1",
        "signing_secret": "whsec_canary",
        "webhook_url": "https://a.example",
        "webhook_type": "poll",
        "scope": "api_key",
        "created_at": 1_700_000_000_000,
        "message": "stored",
    }
    made = created_webhook(subscribed(data, 201))

    assert made == CreatedWebhook(
        "wh_a-1",
        created=True,
        signing_secret=Secret("whsec_canary"),
        webhook_url="https://a.example",
        webhook_type=made.webhook_type,
        scope=made.scope,
        created_at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        message="stored",
    )
    assert (made.webhook_type, made.scope) == ("poll", "api_key")
    assert "canary" not in repr(made)
    assert made.signing_secret is not None
    assert made.signing_secret.reveal() == "whsec_canary"


def test_an_existing_subscription_has_no_secret() -> None:
    """A 200 is an existing subscription, without the secret."""
    made = created_webhook(subscribed({"webhook_id": "wh_1", "webhook_url": "https://a.example"}, 200))

    assert (made.webhook_id, made.created, made.signing_secret) == ("wh_1", False, None)


def test_a_subscription_without_an_id_is_an_error() -> None:
    """A subscription without an id is an error."""
    with pytest.raises(UnexpectedResponseError, match="webhook_id"):
        created_webhook(subscribed({"signing_secret": "whsec_canary"}, 201))


def test_a_raw_response_shows_no_content() -> None:
    """The repr of a raw response shows only its status and size."""
    response = RawResponse(200, {"x-canary": "canary"}, b'{"a":"canary"}', {"a": "canary"})

    assert repr(response) == "<RawResponse 200, 14 bytes>"


def test_a_sent_message_as_json() -> None:
    """`to_dict` returns the result as plain JSON, without the raw response."""
    sent = SentMessage(["msg_1"], duplicate=False, idempotency_key="k", status=SendStatus.QUEUED, raw={"x": 1})

    assert json.loads(json.dumps(sent.to_dict())) == {
        "message_ids": ["msg_1"],
        "duplicate": False,
        "idempotency_key": "k",
        "status": "queued",
    }
