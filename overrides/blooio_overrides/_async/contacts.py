"""The contacts of an organization."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from operator import attrgetter
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.contacts import changed_contact, contact_body
from ..chat_ids import ChatId, contact_id
from ..pagination import Listing, listing
from ..results import Reachability
from .pager import AsyncPager

if TYPE_CHECKING:
    from blooio_client.models import Contact, ContactRef, Deletion, DirectorySort, GroupMember

    from .._call.settings import Timeout
    from ..results import Location
    from .contact_tags import AsyncContactTags
    from .sender import AsyncSender

    AnyContact = str | ChatId | Contact | ContactRef | GroupMember | Location


class AsyncContacts:
    """The contacts of the organization: `client.contacts`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    @cached_property
    def tags(self) -> AsyncContactTags:
        """The tags of the contacts."""
        from .contact_tags import AsyncContactTags

        return AsyncContactTags(self._sender)

    def list(
        self,
        *,
        q: str | None = None,
        sort: DirectorySort | str | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[Contact]:
        """List the contacts, most recent first unless `sort` says otherwise.

        Args:
            q: Only contacts whose phone number, email address or name matches.
            sort: `recent`, `oldest`, `name_asc` or `name_desc`.
            limit: Reads at most this many items; defaults to all.
            page_size: Items per request, 1-200.
            timeout: Overrides the client's timeout for each page.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: `limit` or `page_size` is out of range.

        Source: listContacts
        """
        pages: Listing[Contact] = listing(
            partial(calls.list_contacts, q=q, sort=sort),
            "contacts",
            attrgetter("identifier"),
            limit=limit,
            page_size=page_size,
        )
        return AsyncPager(self._sender, pages, Options(timeout, headers))

    async def create(
        self,
        identifier: str | ChatId,
        /,
        *,
        name: str | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Contact:
        """Add a contact.

        Args:
            identifier: A phone number in E.164 format, or an email address.
            name: The contact's name.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the identifier is neither a phone number nor an email address.
            ConflictError: The contact already exists.

        Source: createContact
        """
        body = contact_body(identifier, name)
        return await self._sender.call(calls.create_contact(body=body), Options(timeout, headers))

    async def get(
        self, contact: AnyContact, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Contact:
        """Return one contact.

        Args:
            contact: Its phone number or email address, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the contact is not valid.
            NotFoundError: The contact does not exist.

        Source: getContact
        """
        return await self._sender.call(calls.get_contact(contact_id(contact)), Options(timeout, headers))

    async def update(
        self,
        contact: AnyContact,
        /,
        *,
        name: str | None | Unset = UNSET,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Contact:
        """Change a contact; arguments that you leave out keep their values.

        Args:
            contact: Its phone number or email address, or an object that has one.
            name: The new name; None clears it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the contact or the name is not valid.
            NotFoundError: The contact does not exist.

        Source: updateContact
        """
        call = calls.update_contact(contact_id(contact), body=changed_contact(name))
        return await self._sender.call(call, Options(timeout, headers))

    async def delete(
        self, contact: AnyContact, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Deletion:
        """Delete a contact; its messages stay.

        Args:
            contact: Its phone number or email address, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the contact is not valid.
            NotFoundError: It does not exist; if `error.sent` is None, an earlier attempt may have deleted it.

        Source: deleteContact
        """
        return await self._sender.call(calls.delete_contact(contact_id(contact)), Options(timeout, headers))

    async def capabilities(
        self, contact: AnyContact, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Reachability:
        """Return the channels that reach a phone number or email address; it need not be a contact.

        Blooio caches the result; `last_checked` is the time of the check.

        Args:
            contact: A phone number or email address, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            Whether `imessage`, `sms` and `facetime` are available, as plain booleans.

        Raises:
            InvalidArgumentError: Nothing was sent: the contact is not valid.
            NoActiveNumberError: No number is active.

        Source: getContactCapabilities
        """
        call = calls.get_contact_capabilities(contact_id(contact))
        return Reachability.of(await self._sender.call(call, Options(timeout, headers)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
