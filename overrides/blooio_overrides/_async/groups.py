"""The groups of an organization."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from operator import attrgetter
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.groups import changed_group, group_body, group_id
from ..chat_ids import ChatId
from ..pagination import Listing, listing
from .pager import AsyncPager

if TYPE_CHECKING:
    from blooio_client.models import Chat, CreatedGroup, Deletion, DirectorySort, Group, UpdatedGroup

    from .._call.settings import Timeout
    from ..results import SentMessage
    from .contacts import AnyContact
    from .group_icons import AsyncGroupIcons
    from .group_members import AsyncGroupMembers
    from .sender import AsyncSender

    AnyGroup = str | ChatId | Group | CreatedGroup | UpdatedGroup | Chat | SentMessage


class AsyncGroups:
    """The groups of the organization: `client.groups`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    @cached_property
    def members(self) -> AsyncGroupMembers:
        """The members of groups."""
        from .group_members import AsyncGroupMembers

        return AsyncGroupMembers(self._sender)

    @cached_property
    def icon(self) -> AsyncGroupIcons:
        """The icons of groups."""
        from .group_icons import AsyncGroupIcons

        return AsyncGroupIcons(self._sender)

    def list(
        self,
        *,
        q: str | None = None,
        sort: DirectorySort | str | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[Group]:
        """List the groups, most recent first unless `sort` says otherwise.

        Args:
            q: Only groups whose name matches.
            sort: `recent`, `oldest`, `name_asc` or `name_desc`.
            limit: Reads at most this many items; defaults to all.
            page_size: Items per request, 1-200.
            timeout: Overrides the client's timeout for each page.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: `limit` or `page_size` is out of range.

        Source: listGroups
        """
        pages: Listing[Group] = listing(
            partial(calls.list_groups, q=q, sort=sort),
            "groups",
            attrgetter("group_id"),
            limit=limit,
            page_size=page_size,
        )
        return AsyncPager(self._sender, pages, Options(timeout, headers))

    async def create(
        self,
        name: str,
        /,
        *,
        members: AnyContact | Iterable[AnyContact] | None = None,
        chat_guid: str | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> CreatedGroup:
        """Create a group; its iMessage chat starts with the first message.

        Args:
            name: Its name, 1-255 characters.
            members: Phone numbers or email addresses, or objects that have one.
            chat_guid: The guid of an existing iMessage chat to link the group to; `members` then only records its
                members.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The group, with `added_members` and the `created_contacts` among them.

        Raises:
            InvalidArgumentError: Nothing was sent: the name is blank or too long, or a member is invalid.
            ConflictError: A group with these members, or for this chat, already exists.

        Source: createGroup
        """
        body = group_body(name, members, chat_guid)
        return await self._sender.call(calls.create_group(body=body), Options(timeout, headers))

    async def get(
        self, group: AnyGroup, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Group:
        """Return one group.

        Args:
            group: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            NotFoundError: The group does not exist.

        Source: getGroup
        """
        return await self._sender.call(calls.get_group(group_id(group)), Options(timeout, headers))

    async def update(
        self,
        group: AnyGroup,
        /,
        *,
        name: str | Unset = UNSET,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> UpdatedGroup:
        """Change a group; arguments that you leave out keep their values.

        Args:
            group: Its id, or an object that has one.
            name: The new name, 1-255 characters; everyone in a linked iMessage chat sees it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The group; for a linked chat, `device_sync.synced` says whether the chat changed, too.

        Raises:
            InvalidArgumentError: Nothing was sent: the name is blank or too long.
            NotFoundError: The group does not exist.

        Source: updateGroup
        """
        call = calls.update_group(group_id(group), body=changed_group(name))
        return await self._sender.call(call, Options(timeout, headers))

    async def delete(
        self, group: AnyGroup, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Deletion:
        """Delete a group; your number leaves the iMessage chat that it is linked to.

        Args:
            group: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            NotFoundError: It does not exist; if `error.sent` is None, an earlier attempt may have deleted it.
            DeviceUnreachableError: The linked chat could not be left.
            NoActiveNumberError: No number is active.

        Source: deleteGroup
        """
        return await self._sender.call(calls.delete_group(group_id(group)), Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
