# Derived from ../_async/contact_cards.py by `make derive`. Do not edit.
"""The contact cards (name and photo) of your numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.contact_cards import card_body
from ..chat_ids import own_number

if TYPE_CHECKING:
    from blooio_client.models import ContactCard, ContactCardSharing, Device, PhoneNumber, UpdatedContactCard

    from .._call.settings import Timeout
    from .._rules.files import FileContent
    from .sender import Sender

    AnyNumber = str | PhoneNumber | Device | ContactCard | UpdatedContactCard


class ContactCards:
    """The contact cards (name and photo) of your numbers: `client.numbers.contact_card`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def get(
        self, number: AnyNumber, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> ContactCard:
        """Return the contact card of one of your numbers.

        Blooio has announced this operation but not enabled it yet; until then it raises ComingSoonError.

        Args:
            number: A number in E.164 format, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the number is not in E.164 format.
            PermissionDeniedError: The number does not belong to this API key, or your plan does not include this.
            NotFoundError: The number does not exist.
            ComingSoonError: The service does not offer this yet.

        Source: getMyContactCard
        """
        return self._sender.call(calls.get_my_contact_card(own_number(number)), Options(timeout, headers))

    def update(
        self,
        number: AnyNumber,
        /,
        *,
        first_name: str | Unset = UNSET,
        last_name: str | Unset = UNSET,
        avatar: FileContent | Unset = UNSET,
        sharing: ContactCardSharing | Mapping[str, Any] | Unset = UNSET,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> UpdatedContactCard:
        """Change the contact card of one of your numbers; arguments that you leave out keep their values.

        Args:
            number: A number in E.164 format, or an object that has one.
            first_name: The first name.
            last_name: The last name.
            avatar: A JPEG or PNG image: a path, bytes, or a file opened in binary mode. It is read into memory, since
                it is sent as base64.
            sharing: Who sees the card: `enabled`, `audience` (0 contacts only, 1 always ask) and `name_format`
                (0 first and last, 1 first only).
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the avatar is not a JPEG or PNG image, or an argument is invalid.
            PermissionDeniedError: The number does not belong to this API key, or your plan does not include this.
            NotFoundError: The number does not exist.
            DeviceUnreachableError: The device cannot be reached.

        Source: updateMyContactCard
        """
        body = card_body(first_name=first_name, last_name=last_name, avatar=avatar, sharing=sharing)
        call = calls.update_my_contact_card(own_number(number), body=body)
        return self._sender.call(call, Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
