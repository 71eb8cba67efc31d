"""Results that are easier to use than the service's own responses."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from blooio_client.types import JsonObject, Secret, plain
from blooio_client.values import abridged, moment

from .errors import Body

if TYPE_CHECKING:
    from blooio_client.models import (
        ContactCapabilities,
        ContactLocation,
        ContactLocationList,
        ContactType,
        SendStatus,
        WebhookScope,
        WebhookType,
    )


@attrs.frozen
class SentMessage:
    """The result of a send: the messages that the service accepted."""

    __module__ = "blooio_client"

    message_ids: list[str]
    """The ids of all messages, in order."""
    duplicate: bool | None
    """Whether the key was already used, so nothing was sent this time; None if unknown."""
    idempotency_key: str = attrs.field(repr=abridged)
    """The key of this send; retrying with it cannot send a second message."""
    status: SendStatus | None = None
    """`queued` or `failed`."""
    group_id: str | None = None
    """The group, if there are several recipients."""
    group_created: bool | None = None
    """Whether the group is new."""
    participants: list[str] | None = attrs.field(default=None, repr=False)
    """The members of the group."""
    parent_unresolved: bool | None = None
    """True if Blooio does not know the message that `reply_to` names by its GUID; it was sent anyway."""
    raw: JsonObject = attrs.field(factory=dict[str, Any], repr=False)
    """The response as JSON."""

    @property
    def message_id(self) -> str:
        """The id of the first message."""
        return self.message_ids[0]

    def to_dict(self) -> JsonObject:
        """Return this result as JSON: its fields, without the raw response."""
        fields = attrs.asdict(self, filter=lambda attribute, value: attribute.name != "raw" and value is not None)
        return {name: plain(value) for name, value in fields.items()}


@attrs.frozen
class CreatedWebhook:
    """A webhook subscription, and whether it is new."""

    __module__ = "blooio_client"

    webhook_id: str
    """The webhook's id."""
    created: bool
    """False if the URL was already subscribed; there is no secret then."""
    signing_secret: Secret | None = None
    """The secret that signs deliveries. The service shows it only once: store what `reveal()` returns."""
    webhook_url: str | None = attrs.field(default=None, repr=False)
    """The URL that events are delivered to."""
    webhook_type: WebhookType | None = None
    """Which events are delivered: `message`, `status`, `poll` or `all`."""
    scope: WebhookScope | None = None
    """The part of your account whose events are delivered."""
    created_at: datetime.datetime | None = None
    """When it was created."""
    message: str | None = attrs.field(default=None, repr=False)
    """A message from Blooio about it."""


@attrs.frozen(repr=False)
class RawResponse:
    """A response, whatever its status."""

    __module__ = "blooio_client"

    status: int
    """The HTTP status."""
    # Hidden one by one, too: rich and structlog look into attrs classes.
    headers: Mapping[str, str] = attrs.field(repr=False)
    """Names are lowercase."""
    body: bytes = attrs.field(repr=False)
    """The raw body."""
    parsed: Any = attrs.field(repr=False)
    """The body as JSON; None if it is not JSON."""
    idempotency_key: str | None = attrs.field(default=None, repr=False)
    """The key of a send; retrying with it cannot send a second message."""

    @classmethod
    def of(
        cls, status: int, headers: Mapping[str, str], body: bytes, idempotency_key: str | None = None
    ) -> RawResponse:
        """Return a response with its body parsed."""
        return cls(status, headers, Body(body), parsed(body), idempotency_key)

    def __reduce__(self) -> tuple[Callable[..., RawResponse], tuple[int, dict[str, str], bytes, str | None]]:
        # Parsed again from the body, which masks its secrets.
        return RawResponse.of, (self.status, dict(self.headers), Body(self.body), self.idempotency_key)

    def __repr__(self) -> str:
        return f"<RawResponse {self.status}, {len(self.body)} bytes>"


def parsed(body: bytes) -> Any:
    """Return a body as JSON; None if it is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


@attrs.frozen
class Reachability:
    """The channels that reach a contact; those that the service does not mention are False."""

    __module__ = "blooio_client"

    imessage: bool
    """Whether iMessage reaches the contact."""
    sms: bool
    """Whether SMS does."""
    facetime: bool
    """Whether FaceTime does."""
    contact: str | None = attrs.field(default=None, repr=False)
    """The phone number or email address, as the service formats it."""
    type: ContactType | None = None
    """`phone` or `email`."""
    last_checked: datetime.datetime | None = None
    """When Blooio last checked."""
    raw: JsonObject = attrs.field(factory=dict[str, Any], repr=False)
    """The response as JSON."""

    @classmethod
    def of(cls, response: ContactCapabilities) -> Reachability:
        """Read a response."""
        raw = response.to_dict()
        said: JsonObject = raw["capabilities"]
        checked: Any = response.last_checked or moment(said.get("last_checked") or _under_other_name(raw, said))
        return cls(
            imessage=said.get("imessage") is True,
            sms=said.get("sms") is True,
            facetime=said.get("facetime") is True,
            contact=response.contact,
            type=response.type,
            last_checked=checked,
            raw=raw,
        )


def _under_other_name(raw: JsonObject, said: JsonObject) -> Any:
    return raw.get("lastChecked") or said.get("lastChecked")


@attrs.frozen
class Location:
    """The location that a contact shares."""

    __module__ = "blooio_client"

    handle: str = attrs.field(repr=abridged)
    """The phone number or email address."""
    latitude: float | None = attrs.field(default=None, repr=False)
    """Degrees north."""
    longitude: float | None = attrs.field(default=None, repr=False)
    """Degrees east."""
    status: str | None = None
    """`live`, `shallow` or `legacy`."""
    last_updated: datetime.datetime | None = None
    """When the device reported it."""
    raw: JsonObject = attrs.field(factory=dict[str, Any], repr=False)
    """The response as JSON."""

    @classmethod
    def of(cls, response: ContactLocation) -> Location:
        """Read a response."""
        latitude, longitude = _pair(response.coordinates)
        return cls(response.handle, latitude, longitude, response.status, response.last_updated, response.to_dict())

    @classmethod
    def all_of(cls, response: ContactLocationList) -> list[Location]:
        """Return the locations of a response, without entries that are not objects."""
        from blooio_client.models import ContactLocation

        friends: list[Any] = list(response.friends)
        return [cls.of(friend) for friend in friends if isinstance(friend, ContactLocation)]


def _pair(coordinates: Any) -> tuple[float | None, float | None]:
    """Read a latitude and a longitude; None for both if there are none."""
    match coordinates:
        case [int() | float() as latitude, int() | float() as longitude]:
            return latitude, longitude
        case _:
            return None, None
