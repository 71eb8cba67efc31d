"""The tags of contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.contacts import checked_tags
from ..chat_ids import contact_id
from ..errors import keeping

if TYPE_CHECKING:
    from blooio_client.models import AddedContactTags, ContactTag, Deletion

    from .._call.settings import Timeout
    from .contacts import AnyContact
    from .sender import AsyncSender

    AnyTags = str | ContactTag | Iterable[str | ContactTag]


class AsyncContactTags:
    """The tags of the contacts: `client.contacts.tags`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def list(
        self, contact: AnyContact, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Sequence[ContactTag]:
        """List the tags of a contact.

        Args:
            contact: Its phone number or email address, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the contact is not valid.
            NotFoundError: The contact does not exist.

        Source: listContactTags
        """
        return (await self._sender.call(calls.list_contact_tags(contact_id(contact)), Options(timeout, headers))).tags

    async def add(
        self,
        contact: AnyContact,
        tags: AnyTags,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> AddedContactTags:
        """Add one or more tags to a contact; tags that it already has stay.

        Args:
            contact: Its phone number or email address, or an object that has one.
            tags: One tag, such as `"vip"`, or a list of tags.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The result; `tags_added` lists the new tags.

        Raises:
            InvalidArgumentError: Nothing was sent: no tags were given, or a tag is blank.
            NotFoundError: The contact does not exist.

        Source: addContactTags
        """
        call = calls.add_contact_tags(contact_id(contact), body={"tags": checked_tags(tags)})
        return await self._sender.call(call, Options(timeout, headers))

    async def remove(
        self,
        contact: AnyContact,
        tags: AnyTags,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Sequence[Deletion]:
        """Remove one or more tags from a contact, with one request per tag.

        Args:
            contact: Its phone number or email address, or an object that has one.
            tags: One tag, such as `"vip"`, or a list of tags.
            timeout: Overrides the client's timeout for each tag.
            headers: Additional headers for this call.

        Returns:
            The result for each tag, in the order given.

        Raises:
            InvalidArgumentError: Nothing was sent: no tags were given, or a tag is blank.
            NotFoundError: The contact does not exist or does not have the tag.
            BlooioError: A request failed; `error.partial` holds the results so far.

        Source: removeContactTag
        """
        person = contact_id(contact)
        removals = [calls.remove_contact_tag(person, tag) for tag in checked_tags(tags)]
        removed: list[Deletion] = []
        for removal in removals:
            with keeping(removed):
                removed.append(await self._sender.call(removal, Options(timeout, headers)))
        return removed

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
