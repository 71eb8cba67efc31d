"""The icons of groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.files import ICON, opened
from .._rules.groups import group_id

if TYPE_CHECKING:
    from blooio_client.models import GroupIcon

    from .._call.settings import Timeout
    from .._rules.files import FileContent
    from .groups import AnyGroup
    from .sender import AsyncSender


class AsyncGroupIcons:
    """The icons of groups: `client.groups.icon`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def set(
        self,
        group: AnyGroup,
        icon: FileContent,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> GroupIcon:
        """Set the icon of a group that is linked to an iMessage chat.

        The file is streamed from its beginning.

        Args:
            group: Its id, or an object that has one.
            icon: A path, bytes, or a file opened in binary mode, which stays open.
            timeout: Overrides the client's timeout for this call; it starts when the last byte is sent.
            headers: Additional headers for this call.

        Returns:
            The new `icon_url`; `device_sync` says whether the iMessage chat changed, too.

        Raises:
            InvalidArgumentError: Nothing was sent: the file does not exist, is empty, or is opened in text mode.
            BadRequestError: The group is not linked to a chat, or the file is not an image.
            NotFoundError: The group does not exist.
            DeviceUnreachableError: The linked iMessage chat could not be changed.
            NoActiveNumberError: No number is active.

        Source: setGroupIcon
        """
        with opened(icon, "icon", ICON) as file:
            call = calls.set_group_icon(group_id(group), body={"icon": file})
            return await self._sender.call(call, Options(timeout, headers))

    async def remove(
        self, group: AnyGroup, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> GroupIcon:
        """Remove the icon of a group.

        Args:
            group: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            BadRequestError: The group is not linked to a chat.
            NotFoundError: The group does not exist.
            DeviceUnreachableError: The linked iMessage chat could not be changed.
            NoActiveNumberError: No number is active.

        Source: removeGroupIcon
        """
        return await self._sender.call(calls.remove_group_icon(group_id(group)), Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
