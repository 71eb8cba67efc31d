# Derived from ../_async/group_icons.py by `make derive`. Do not edit.
"""The pictures of groups."""

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
    from .sender import Sender


class GroupIcons:
    """The pictures of the groups: `client.groups.icon`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def set(
        self,
        group: AnyGroup,
        icon: FileContent,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> GroupIcon:
        """Set the picture of a group that is linked to an iMessage chat.

        The file is read in pieces while it is sent, from its beginning.

        Args:
            group: Its id, or an object that has it.
            icon: A path, bytes, or a file that is open for reading in binary mode; such a file stays open.
            timeout: As of the client; seconds run from the last byte sent.
            headers: Additional headers for this call.

        Returns:
            The new `icon_url`; `device_sync` says whether the chat has changed as well.

        Raises:
            InvalidArgumentError: Nothing was sent: there is no such file, it is empty, or it is open as text.
            BadRequestError: The group is not linked to a chat, or the file is no picture.
            NotFoundError: There is no such group.
            DeviceUnreachableError: The linked chat could not be changed.
            NoActiveNumberError: No number is active.

        Source: setGroupIcon
        """
        with opened(icon, "icon", ICON) as file:
            call = calls.set_group_icon(group_id(group), body={"icon": file})
            return self._sender.call(call, Options(timeout, headers))

    def remove(
        self, group: AnyGroup, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> GroupIcon:
        """Remove the picture of a group.

        Args:
            group: Its id, or an object that has it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            BadRequestError: The group is not linked to a chat.
            NotFoundError: There is no such group.
            DeviceUnreachableError: The linked chat could not be changed.
            NoActiveNumberError: No number is active.

        Source: removeGroupIcon
        """
        return self._sender.call(calls.remove_group_icon(group_id(group)), Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
