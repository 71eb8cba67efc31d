"""Check the arguments of contact cards."""

from __future__ import annotations

from typing import Any

from blooio_client.types import UNSET, JsonObject, plain

from ..arguments import reject
from ..json_values import is_object
from .files import AVATAR, encoded_image


def card_body(*, first_name: object, last_name: object, avatar: object, sharing: object) -> JsonObject:
    """Return the body of an update of a contact card, with only the given fields.

    Raises:
        InvalidArgumentError: A name is not a str, the avatar is not a JPEG or PNG image, or sharing is not an object.
    """
    given: dict[str, Any] = {
        "first_name": first_name if first_name is UNSET else _name(first_name, "first_name"),
        "last_name": last_name if last_name is UNSET else _name(last_name, "last_name"),
        "avatar": avatar if avatar is UNSET else encoded_image(avatar, "avatar", AVATAR),
        "sharing": sharing if sharing is UNSET else _sharing(sharing),
    }
    return {name: value for name, value in given.items() if value is not UNSET}


def _name(value: object, name: str) -> str:
    if not isinstance(value, str):
        reject(f"{name} is {type(value).__name__}; expected str. A card's name cannot be cleared")
    return value


def _sharing(value: object) -> JsonObject:
    written = plain(value)
    if not is_object(written):
        reject(f"sharing is {type(value).__name__}; expected {{'enabled': True}} or a ContactCardSharing")
    return written
