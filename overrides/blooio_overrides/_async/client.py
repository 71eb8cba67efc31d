"""The client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import attrs

from blooio_client.types import UNSET, Call, Unset

from .._call.exchange import Options
from .._call.request import HiddenHeaders, checked_headers
from .._call.settings import (
    checked_retries,
    checked_sender,
    checked_timeout,
    hidden,
    settings_from,
)
from ..chat_ids import ChatId, chat_id
from .sender import AsyncSender

if TYPE_CHECKING:
    import httpx

    from blooio_client.models import (
        Chat,
        ChatDetail,
        Contact,
        ContactRef,
        CreatedGroup,
        Group,
        GroupMember,
        Me,
        Message,
        MessageDetail,
        SentPoll,
        UpdatedGroup,
    )

    from .._call.settings import ApiKey, Timeout
    from ..results import RawResponse, SentMessage
    from ..webhooks.events import Event
    from .chats import AsyncChats
    from .contacts import AsyncContacts
    from .conversation import AsyncConversation
    from .facetime import AsyncFaceTime
    from .groups import AsyncGroups
    from .locations import AsyncLocations
    from .numbers import AsyncNumbers
    from .phone_numbers import AsyncPhoneNumbers
    from .webhooks import AsyncWebhooks

    Recipient = Chat | ChatDetail | Contact | ContactRef | Group | CreatedGroup | UpdatedGroup | GroupMember
    InChat = Message | MessageDetail | SentMessage | SentPoll | Event
    AnyChat = str | ChatId | Recipient | InChat | Iterable[str | ChatId | Recipient]

T = TypeVar("T")


class AsyncBlooio:
    """An async client for the Blooio API.

    Create one and keep it: it holds connections. It can be used from many tasks and threads at once.
    """

    __module__ = "blooio_client"

    def __init__(
        self,
        api_key: ApiKey | None = None,
        *,
        base_url: str | None = None,
        timeout: Timeout = 30.0,
        max_retries: int = 2,
        from_number: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        allow_http: bool = False,
    ) -> None:
        """Create a client. Nothing is sent.

        Args:
            api_key: The API key, or a sync or async function that returns the current one and is called before each
                attempt, without a time limit. Defaults to the environment variable BLOOIO_API_KEY.
            base_url: The URL of the API. Defaults to BLOOIO_BASE_URL, then to the server of Blooio's document.
            timeout: Seconds (> 0) or a timedelta for one call, including retries and backoff. An httpx.Timeout limits
                each attempt instead, with no deadline for the call; None means no limit.
            max_retries: Retries a call at most this many times (>= 0), where that is safe.
            from_number: The number to send messages from, in E.164 format. Defaults to Blooio's choice.
            http_client: Your own HTTP client, with its hooks, proxies and certificates; you close it. The timeout then
                applies between the phases of a request and the chunks of a response.
            allow_http: Allows plain http to a host that is not loopback, which sends the API key unencrypted. Also
                enabled by BLOOIO_ALLOW_HTTP=1.

        Raises:
            InvalidArgumentError: The API key is missing, or an argument is invalid.
        """
        from .._io.asynchronous import AsyncConnections  # httpx is loaded here, and not by importing this package

        key, api_key = hidden(api_key), None
        settings = settings_from(
            api_key=key,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            from_number=from_number,
            allow_http=allow_http,
        )
        self._sender = AsyncSender(settings, AsyncConnections(settings.base_url, http_client))
        self._is_view = False

    def with_options(
        self,
        *,
        timeout: Timeout | Unset = UNSET,
        max_retries: int | Unset = UNSET,
        from_number: str | Unset | None = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a copy of this client with other options.

        The copy shares the connections, and closing it closes nothing. A subclass keeps its own attributes.

        Args:
            timeout: Overrides the client's timeout.
            max_retries: Overrides the client's number of retries.
            from_number: Overrides the number to send messages from; None leaves the choice to Blooio.
            headers: Additional headers for every request.

        Raises:
            InvalidArgumentError: An argument is invalid.
        """
        # Hidden first: an error reporter that records local variables would show what may be a secret.
        given, headers = HiddenHeaders({} if headers is None else headers), None
        further = checked_headers(given, of_every_call=True)
        settings = self._sender.settings
        changed = attrs.evolve(
            settings,
            timeout=settings.timeout if isinstance(timeout, Unset) else checked_timeout(timeout),
            max_retries=settings.max_retries if isinstance(max_retries, Unset) else checked_retries(max_retries),
            from_number=settings.from_number if isinstance(from_number, Unset) else checked_sender(from_number),
            headers=HiddenHeaders({**settings.headers.reveal(), **further.reveal()}),
        )
        view = copy(self)
        for name in [name for name in vars(view) if isinstance(getattr(type(view), name, None), cached_property)]:
            del vars(view)[name]  # such as `contacts`, which sends with the options of this client
        view._sender = AsyncSender(changed, self._sender.connections)  # noqa: SLF001 - its own kind
        view._is_view = True  # noqa: SLF001
        return view

    def chat(self, recipient: AnyChat, /) -> AsyncConversation:
        """Return a handle for a conversation. Nothing is sent.

        Args:
            recipient: A phone number in E.164 format, an email address, a group id, a short code (3 to 8 digits), a
                list of people, or an object that has such an id. Do not percent-encode it.

        Raises:
            InvalidArgumentError: The id is not valid; the text says what is expected.
        """
        from .conversation import AsyncConversation

        return AsyncConversation(self._sender, chat_id(recipient).value)

    @cached_property
    def chats(self) -> AsyncChats:
        """All conversations of the organization."""
        from .chats import AsyncChats

        return AsyncChats(self._sender)

    @cached_property
    def contacts(self) -> AsyncContacts:
        """The contacts of the organization."""
        from .contacts import AsyncContacts

        return AsyncContacts(self._sender)

    @cached_property
    def groups(self) -> AsyncGroups:
        """The groups of the organization."""
        from .groups import AsyncGroups

        return AsyncGroups(self._sender)

    @cached_property
    def numbers(self) -> AsyncNumbers:
        """The numbers that messages are sent from."""
        from .numbers import AsyncNumbers

        return AsyncNumbers(self._sender)

    @cached_property
    def locations(self) -> AsyncLocations:
        """The locations that contacts share."""
        from .locations import AsyncLocations

        return AsyncLocations(self._sender)

    @cached_property
    def phone_numbers(self) -> AsyncPhoneNumbers:
        """Lookups of any phone number."""
        from .phone_numbers import AsyncPhoneNumbers

        return AsyncPhoneNumbers(self._sender)

    @cached_property
    def facetime(self) -> AsyncFaceTime:
        """FaceTime calls."""
        from .facetime import AsyncFaceTime

        return AsyncFaceTime(self._sender)

    @cached_property
    def webhooks(self) -> AsyncWebhooks:
        """The webhook subscriptions."""
        from .webhooks import AsyncWebhooks

        return AsyncWebhooks(self._sender)

    async def me(self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None) -> Me:
        """Return the account that the API key belongs to, its numbers and its usage.

        Raises:
            AuthenticationError: The API key is not valid.

        Source: getMe
        """
        from blooio_client import calls

        return await self._sender.call(calls.get_me(), Options(timeout, headers))

    async def call(
        self, call: Call[T], /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> T:
        """Send any call: one of `blooio_client.calls`, or one built with `Call.build`.

        Args:
            call: The call to send.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The result: a model, or plain JSON for a call that you built.

        Raises:
            BlooioError: The call failed.
        """
        return await self._sender.call(call, Options(timeout, headers))

    async def call_raw(
        self, call: Call[Any], /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> RawResponse:
        """Send any call and return the response as it is. An error status raises nothing.

        Args:
            call: The call to send.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the call is not valid.
            ConnectionFailedError: No response was received.
            DeadlineExceededError: No response was received in time.
        """
        return (await self._sender.exchange(call, Options(timeout, headers))).raw()

    async def aclose(self) -> None:
        """Close the client: new calls raise ClientStateError, and calls in flight still finish within their timeouts.

        Closing a view does nothing, and an `http_client` of your own stays open.
        """
        if not self._is_view:
            await self._sender.connections.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        # A traceback may show a client that was not fully constructed.
        whose = f" of {self._sender.settings.base_url}" if "_sender" in vars(self) else ""
        return f"<{type(self).__name__}{whose}>"
