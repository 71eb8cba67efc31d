"""FaceTime calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from ..chat_ids import person

if TYPE_CHECKING:
    from blooio_client.models import FaceTimeCall

    from .._call.settings import Timeout
    from .contacts import AnyContact
    from .sender import AsyncSender


class AsyncFaceTime:
    """FaceTime calls: `client.facetime`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def call(
        self, handle: AnyContact, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> FaceTimeCall:
        """Start a FaceTime call; the first person to join by the link is let in.

        Blooio has announced this operation but not enabled it yet; until then it raises ComingSoonError.
        It is not retried if the outcome is unknown, since every attempt rings.

        Args:
            handle: A phone number in E.164 format or an email address, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The call, with the `link` to join it.

        Raises:
            InvalidArgumentError: Nothing was sent: the handle is neither a phone number nor an email address.
            ComingSoonError: The service does not offer this yet.

        Source: callFaceTime
        """
        call = calls.call_face_time(body={"handle": person(handle, "handle")})
        return await self._sender.call(call, Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
