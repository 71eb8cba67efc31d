# Derived from ../_async/group_members.py by `make derive`. Do not edit.
"""The members of groups."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.groups import group_id
from ..chat_ids import contact_id, person
from ..pagination import Listing, listing
from .pager import Pager

if TYPE_CHECKING:
    from blooio_client.models import AddedGroupMember, GroupMember, RemovedGroupMember

    from .._call.settings import Timeout
    from .contacts import AnyContact
    from .groups import AnyGroup
    from .sender import Sender


class GroupMembers:
    """The members of groups: `client.groups.members`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        group: AnyGroup,
        /,
        *,
        limit: int | None = None,
        page_size: int | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Pager[GroupMember]:
        """List the members of a group.

        Args:
            group: Its id, or an object that has one.
            limit: Reads at most this many items; defaults to all.
            page_size: Items per request, 1-200.
            timeout: Overrides the client's timeout for each page.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: `limit` or `page_size` is out of range.

        Source: listGroupMembers
        """
        identifier = group_id(group)
        pages: Listing[GroupMember] = listing(
            partial(calls.list_group_members, identifier),
            "members",
            attrgetter("identifier"),
            limit=limit,
            page_size=page_size,
        )
        return Pager(self._sender, pages, Options(timeout, headers))

    def add(
        self,
        group: AnyGroup,
        contact: AnyContact,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> AddedGroupMember:
        """Add a member to a group and to the iMessage chat that it is linked to.

        Blooio has announced this operation but not enabled it yet; until then it raises ComingSoonError.

        Args:
            group: Its id, or an object that has one.
            contact: A phone number or email address, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the contact is neither a phone number nor an email address.
            NotFoundError: The group or contact does not exist.
            ComingSoonError: The service does not offer this yet.

        Source: addGroupMember
        """
        call = calls.add_group_member(group_id(group), body={"contact_id": person(contact, "contact")})
        return self._sender.call(call, Options(timeout, headers))

    def remove(
        self,
        group: AnyGroup,
        contact: AnyContact,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> RemovedGroupMember:
        """Remove a member from a group and from its linked iMessage chat; removing your own number leaves the chat.

        Blooio has announced this operation but not enabled it yet; until then it raises ComingSoonError.

        Args:
            group: Its id, or an object that has one.
            contact: A phone number or email address, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id or the contact is not valid.
            NotFoundError: The group or member does not exist.
            ComingSoonError: The service does not offer this yet.

        Source: removeGroupMember
        """
        call = calls.remove_group_member(group_id(group), contact_id(contact))
        return self._sender.call(call, Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
