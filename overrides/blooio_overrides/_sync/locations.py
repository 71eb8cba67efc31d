# Derived from ../_async/locations.py by `make derive`. Do not edit.
"""The locations that contacts share with you."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from ..chat_ids import contact_id
from ..results import Location

if TYPE_CHECKING:
    from .._call.settings import Timeout
    from .contacts import AnyContact
    from .sender import Sender


class Locations:
    """The locations that contacts share with your numbers: `client.locations`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None) -> Sequence[Location]:
        """List the last known locations of all contacts who share theirs.

        Raises:
            NotFoundError: No number of this API key is active.

        Source: listLocationContacts
        """
        return Location.all_of(self._sender.call(calls.list_location_contacts(), Options(timeout, headers)))

    def get(
        self, contact: AnyContact, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Location:
        """Return the last known location of a contact.

        Args:
            contact: A phone number or email address, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the contact is not valid.
            NotFoundError: The contact does not share a location.

        Source: getLocationContact
        """
        call = calls.get_location_contact(contact_id(contact))
        return Location.of(self._sender.call(call, Options(timeout, headers)))

    def refresh(
        self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Sequence[Location]:
        """Refresh all locations; new ones may take 15-20 seconds to appear in `list`.

        Returns:
            The locations known so far.

        Source: refreshLocationContacts
        """
        return Location.all_of(self._sender.call(calls.refresh_location_contacts(), Options(timeout, headers)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
