"""Results whose form on the wire is unkind to those who use them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from blooio_client.types import JsonObject, Secret, moment, plain

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
    """What became of a send: the messages that the service accepted."""

    __module__ = "blooio_client"

    message_ids: list[str]
    """The ids of all messages, in order."""
    duplicate: bool | None
    """Whether the key was used before, so that nothing was sent now; None where nobody can tell."""
    idempotency_key: str
    """The key of this send: trying again with it cannot send a second message."""
    status: SendStatus | None = None
    """`queued` or `failed`."""
    group_id: str | None = None
    """The group that several recipients make."""
    group_created: bool | None = None
    """Whether that group is new."""
    participants: list[str] | None = None
    """Who is in that group."""
    raw: JsonObject = attrs.field(factory=dict[str, Any], repr=False)
    """The response as it came."""

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
    created: bool
    """False where the URL was subscribed already; there is no secret then."""
    signing_secret: Secret | None = None
    """What deliveries are signed with. The service shows it only now: store what `reveal()` returns."""
    webhook_url: str | None = None
    webhook_type: WebhookType | None = None
    scope: WebhookScope | None = None
    created_at: datetime.datetime | None = None
    message: str | None = None


@attrs.frozen(repr=False)
class RawResponse:
    """What the service answered, whatever it was."""

    __module__ = "blooio_client"

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    parsed: Any
    """The body as JSON; None where it is no JSON."""

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str], body: bytes) -> RawResponse:
        """Return a response with what can be read of it."""
        return cls(status, headers, Body(body), parsed(body))

    def __reduce__(self) -> tuple[Callable[..., RawResponse], tuple[int, dict[str, str], bytes]]:
        # Read again from the body, which leaves its secrets out.
        return RawResponse.of, (self.status, dict(self.headers), Body(self.body))

    def __repr__(self) -> str:
        return f"<RawResponse {self.status}, {len(self.body)} bytes>"


def parsed(body: bytes) -> Any:
    """Return a body as JSON; None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


@attrs.frozen
class Reachability:
    """By which ways somebody can be reached, as far as the service knows: what it does not say is False."""

    __module__ = "blooio_client"

    imessage: bool
    sms: bool
    facetime: bool
    contact: str | None = None
    """The phone number or email address, as the service writes it."""
    type: ContactType | None = None
    last_checked: datetime.datetime | None = None
    raw: JsonObject = attrs.field(factory=dict[str, Any], repr=False)
    """The response as it came."""

    @classmethod
    def of(cls, response: ContactCapabilities) -> Reachability:
        """Return what a response says."""
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
    """Where somebody is, as far as they share it."""

    __module__ = "blooio_client"

    handle: str
    """The phone number or email address."""
    latitude: float | None = None
    longitude: float | None = None
    status: str | None = None
    """`live`, `shallow` or `legacy`."""
    last_updated: datetime.datetime | None = None
    raw: JsonObject = attrs.field(factory=dict[str, Any], repr=False)
    """The response as it came."""

    @classmethod
    def of(cls, response: ContactLocation) -> Location:
        """Return what a response says."""
        latitude, longitude = _pair(response.coordinates)
        return cls(response.handle, latitude, longitude, response.status, response.last_updated, response.to_dict())

    @classmethod
    def all_of(cls, response: ContactLocationList) -> list[Location]:
        """Return what a response says of several people; an entry that is no object says nothing."""
        from blooio_client.models import ContactLocation

        friends: list[Any] = list(response.friends)
        return [cls.of(friend) for friend in friends if isinstance(friend, ContactLocation)]


def _pair(coordinates: Any) -> tuple[float | None, float | None]:
    """Read a latitude and a longitude; anything else is neither."""
    match coordinates:
        case [int() | float() as latitude, int() | float() as longitude]:
            return latitude, longitude
        case _:
            return None, None
