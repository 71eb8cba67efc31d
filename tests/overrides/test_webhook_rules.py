"""The arguments of a webhook subscription."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from blooio_client.models import WebhookType
from blooio_overrides._rules.webhooks import subscription_body
from blooio_overrides.errors import InvalidArgumentError


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {}),
        ({"webhook_url": "https://a.example/hook"}, {"webhook_url": "https://a.example/hook"}),
        ({"webhook_type": WebhookType.ALL}, {"webhook_type": "all"}),
        ({"webhook_type": "poll"}, {"webhook_type": "poll"}),
        ({"valid_until": None}, {"valid_until": -1}),
        ({"valid_until": 1_700_000_000_000}, {"valid_until": 1_700_000_000_000}),
        ({"valid_until": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)}, {"valid_until": 1_700_000_000_000}),
        ({"deprecate": False}, {"deprecate": False}),
    ],
)
def test_only_given_fields_are_sent(given: dict[str, Any], expected: dict[str, Any]) -> None:
    """An update contains only the given fields, and None clears `valid_until`."""
    assert expected == subscription_body(**given)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"webhook_url": ""}, "url must be an http"),
        ({"webhook_url": "a.example/hook"}, "url must be an http"),
        ({"webhook_url": "ftp://a.example"}, "url must be an http"),
        ({"webhook_url": None}, "url must be an http"),
        ({"webhook_type": None}, "type is NoneType"),
        ({"webhook_type": " "}, "type is empty"),
        ({"valid_until": datetime(2023, 11, 14)}, "without a time zone"),  # noqa: DTZ001 - naive on purpose
        ({"valid_until": "tomorrow"}, "valid_until is str"),
        ({"valid_until": True}, "valid_until is bool"),
    ],
)
def test_an_invalid_webhook_is_rejected(given: dict[str, Any], match: str) -> None:
    """An invalid URL, type or time is rejected before anything is sent."""
    with pytest.raises(InvalidArgumentError, match=match):
        subscription_body(**given)
