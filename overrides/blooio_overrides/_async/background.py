"""The background of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.files import BACKGROUND, opened

if TYPE_CHECKING:
    from blooio_client.models import ChatBackground

    from .._call.settings import Timeout
    from .._rules.files import FileContent
    from .sender import AsyncSender


class AsyncBackground:
    """The background of a conversation: `chat.background`."""

    def __init__(self, sender: AsyncSender, chat_id: str) -> None:
        self._sender = sender
        self._chat_id = chat_id

    async def get(
        self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> ChatBackground:
        """Return the current background.

        Raises:
            DeviceUnreachableError: The device cannot be reached.
            NoActiveNumberError: No number is active.

        Source: getChatBackground
        """
        return await self._sender.call(calls.get_chat_background(self._chat_id), Options(timeout, headers))

    async def set(
        self,
        background: FileContent,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> ChatBackground:
        """Set the background for everyone in the conversation.

        The file is streamed from its beginning.

        Args:
            background: A JPEG, PNG, GIF, WebP or HEIC image of at most 10 MB: a path, bytes, or a file opened
                in binary mode, which stays open.
            timeout: Overrides the client's timeout for this call; it starts when the last byte is sent.
            headers: Additional headers for this call.

        Returns:
            The background; `changed` says whether it changed.

        Raises:
            InvalidArgumentError: Nothing was sent: the file does not exist, is not such an image, or is too large.
            DeviceUnreachableError: The device could not set it.
            NoActiveNumberError: No number is active.

        Source: setChatBackground
        """
        with opened(background, "background", BACKGROUND) as file:
            call = calls.set_chat_background(self._chat_id, body={"background": file})
            return await self._sender.call(call, Options(timeout, headers))

    async def remove(
        self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> ChatBackground:
        """Remove the background.

        Raises:
            DeviceUnreachableError: The device could not remove it.
            NoActiveNumberError: No number is active.

        Source: removeChatBackground
        """
        return await self._sender.call(calls.remove_chat_background(self._chat_id), Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
