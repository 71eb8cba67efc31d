"""The groups of an organization."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
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
        """Who is in the groups."""
        from .group_members import AsyncGroupMembers

        return AsyncGroupMembers(self._sender)

    @cached_property
    def icon(self) -> AsyncGroupIcons:
        """The pictures of the groups."""
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
        """Read the groups, the most recent first unless `sort` says otherwise.

        Args:
            q: Only those whose name matches.
            sort: `recent`, `oldest`, `name_asc` or `name_desc`.
            limit: How many to read at most; all, if not given.
            page_size: How many to ask for at once, 1-200.
            timeout: Overrides the client's timeout for each page.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: limit or page_size is out of its range.

        Source: listGroups
        """
        pages: Listing[Group] = listing(
            lambda limit, offset: calls.list_groups(limit=limit, offset=offset, q=q, sort=sort),
            "groups",
            lambda group: group.group_id,
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
        """Make a group; its iMessage chat begins with the first message to it.

        Args:
            name: Its name, 1-255 characters.
            members: Phone numbers or email addresses, or objects that have them.
            chat_guid: The guid of an iMessage chat that exists, to link the group to; `members` then only records
                who is in it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The group, with `added_members` and the `created_contacts` among them.

        Raises:
            InvalidArgumentError: Nothing was sent: the name is blank or too long, or a member is nobody.
            ConflictError: There is a group of these members, or of this chat, already.

        Source: createGroup
        """
        body = group_body(name, members, chat_guid)
        return await self._sender.call(calls.create_group(body=body), Options(timeout, headers))

    async def get(
        self, group: AnyGroup, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Group:
        """Read one group.

        Args:
            group: Its id, or an object that has it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            NotFoundError: There is no such group.

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
        """Change a group; what is not given stays as it is.

        Args:
            group: Its id, or an object that has it.
            name: Its name, 1-255 characters; in a linked iMessage chat everybody sees it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The group; for a linked chat, `device_sync.synced` says whether the chat has changed as well.

        Raises:
            InvalidArgumentError: Nothing was sent: the name is blank or too long.
            NotFoundError: There is no such group.

        Source: updateGroup
        """
        call = calls.update_group(group_id(group), body=changed_group(name))
        return await self._sender.call(call, Options(timeout, headers))

    async def delete(
        self, group: AnyGroup, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Deletion:
        """Delete a group; where it is linked to an iMessage chat, your number leaves that chat.

        Args:
            group: Its id, or an object that has it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            NotFoundError: There is none; with `error.sent` None, an earlier attempt may have deleted it.
            DeviceUnreachableError: The linked chat could not be left.
            NoActiveNumberError: No number is active to leave the chat with.

        Source: deleteGroup
        """
        return await self._sender.call(calls.delete_group(group_id(group)), Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
