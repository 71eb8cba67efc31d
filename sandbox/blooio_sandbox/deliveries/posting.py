"""One signed POST to a webhook, and its response."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from blooio_overrides.webhooks.signatures import sign
from blooio_sandbox.deliveries.payloads import API_VERSION, Form, delivery_id, form_of, write_batch
from blooio_sandbox.responses import ApiError, parse_json
from blooio_sandbox.state.database import Row, State, dump, monotonic_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import httpx

    from blooio_client.webhooks import Receiver
    from blooio_sandbox.responses import Json

# Blooio is said to wait for 5 or 15 seconds; this fails no delivery because a machine pauses, as in CI.
DEFAULT_TIMEOUT: float = 30.0
_WRONG_SECRET = "whsec_wrong_on_purpose"  # noqa: S105 - it is there to be wrong


@dataclass(frozen=True)
class EventRequest:
    """One event on its way to a webhook."""

    event_id: str
    event: str
    message_id: str | None
    body: str
    original_event_id: str | None = None
    attempt: int = 1
    stale_by: float = 0.0
    is_forged: bool = False


@dataclass(frozen=True)
class DeliveryRequest:
    """The POST of one event, or of several in a batch, to a webhook; a disturbance applies to the whole batch."""

    webhook: Row
    form: Form
    events: Sequence[EventRequest]

    @cached_property
    def body(self) -> str:
        """The body as sent."""
        return write_batch([each.body for each in self.events], self.form.batches)

    def headers(self) -> dict[str, str]:
        """Return the headers, signed with the real time: receivers compare it with their own clock."""
        first, webhook_id = self.events[0], self.webhook["webhook_id"]
        secret = _WRONG_SECRET if first.is_forged else self.webhook["signing_secret"]
        signature = sign(self.body, secret, int(time.time() - first.stale_by))
        named: dict[str, str | None] = {"Content-Type": "application/json", "X-Blooio-Signature": signature}
        if len(self.events) == 1:
            named |= {"X-Blooio-Event": first.event, "X-Blooio-Message-Id": first.message_id}
        if first.original_event_id:
            named |= {"X-Blooio-Replay": "true", "X-Original-Event-Id": first.original_event_id}
        if self.form.payload == "v4":
            delivery = delivery_id(webhook_id, first.event_id)
            named |= {"X-Blooio-Delivery": delivery, "X-Blooio-Version": API_VERSION, "X-Blooio-Webhook": webhook_id}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class EventResponse:
    """A webhook's response, or the reason why there is none."""

    status: int | None
    content: bytes
    headers: dict[str, str]
    duration_ms: int
    error: Exception | None = None

    @property
    def is_success(self) -> bool:
        """Whether the webhook accepted the event (2xx)."""
        return self.status is not None and self.status // 100 == 2  # noqa: PLR2004 - the class of statuses

    @property
    def json(self) -> Any:
        """The body as JSON, or None if the API could not return it as such."""
        try:
            return parse_json(self.content)
        except ApiError:
            return None


@dataclass(frozen=True)
class DeliveryAttempt:
    """A finished delivery attempt."""

    event: str
    webhook_url: str
    number: int
    status: int | None
    error: str | None
    duration_ms: int
    is_replay: bool


DeliveryObserver: TypeAlias = "Callable[[DeliveryAttempt], None]"


class EventSender:
    """Sends events to webhooks; the HTTP client is created on first use."""

    def __init__(self, state: State, timeout: float, observer: DeliveryObserver) -> None:
        self._state = state
        self._timeout = timeout
        self._observer = observer
        self._client: httpx.AsyncClient | None = None
        self.receivers: dict[str, Receiver] = {}
        """Receivers in this process, by the URL that represents each."""

    async def deliver(self, webhook: Row, events: Sequence[EventRequest], generation: int) -> EventResponse:
        """Post one event, or several in a batch, and log the attempt of each.

        Raises:
            OutdatedError: The state was reset in the meantime; nothing was logged.
        """
        attempted_time = self._state.now()
        request = DeliveryRequest(webhook, form_of(webhook, self._state.account), events)
        headers = request.headers()
        signature = headers["X-Blooio-Signature"]
        event_response = await self._post(webhook["webhook_url"], request.body, headers)
        with self._state.transaction(generation):
            for each in events:
                _log_attempt(
                    self._state, webhook, each, event_response, attempted_time=attempted_time, signature=signature
                )
        for each in events:
            self._observer(_attempt(webhook, each, event_response))
        return event_response

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _post(self, url: str, body: str, headers: dict[str, str]) -> EventResponse:
        started = monotonic_ms()
        try:
            if (receiver := self.receivers.get(url)) is not None:
                status = await asyncio.to_thread(_hand_over, receiver, body.encode(), headers)
                return EventResponse(status, b"", {}, monotonic_ms() - started)
            response = await self._request(url, body, headers)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one webhook, the others get their events
            return EventResponse(None, b"", {}, monotonic_ms() - started, error)
        return EventResponse(response.status_code, response.content, dict(response.headers), monotonic_ms() - started)

    async def _request(self, url: str, body: str, headers: dict[str, str]) -> httpx.Response:
        limit = asyncio.timeout(self._timeout)
        try:
            async with limit:
                return await self._get_client().post(url, content=body.encode(), headers=headers)
        except TimeoutError:
            if limit.expired():
                raise TimeoutError(f"no response within {self._timeout:g} seconds") from None
            raise

    def _get_client(self) -> httpx.AsyncClient:
        import httpx

        if self._client is None:
            # A proxy from the environment cannot reach a receiver on loopback.
            self._client = httpx.AsyncClient(timeout=None, trust_env=False)  # noqa: S113 - limited as a whole
        return self._client


def _hand_over(receiver: Receiver, body: bytes, headers: dict[str, str]) -> int:
    from blooio_client.webhooks import Delivery

    return receiver.receive(Delivery("POST", headers, body))


def describe_error(error: BaseException | None) -> str | None:
    """Return the reason why a webhook could not be reached, from the socket's error if there is one."""
    if error is None:
        return None
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return "host not found"
        if isinstance(cause, OSError) and cause.errno:
            return os.strerror(cause.errno).lower()
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__


def _attempt(webhook: Row, event_request: EventRequest, event_response: EventResponse) -> DeliveryAttempt:
    return DeliveryAttempt(
        event=event_request.event,
        webhook_url=webhook["webhook_url"],
        number=event_request.attempt,
        status=event_response.status,
        error=describe_error(event_response.error),
        duration_ms=event_response.duration_ms,
        is_replay=event_request.original_event_id is not None,
    )


def _log_attempt(
    state: State,
    webhook: Row,
    event_request: EventRequest,
    event_response: EventResponse,
    *,
    attempted_time: int,
    signature: str,
) -> None:
    response = event_response.json
    state.insert(
        "webhook_logs",
        webhook_id=webhook["webhook_id"],
        event_id=event_request.event_id,
        original_event_id=event_request.original_event_id,
        attempted_time=attempted_time,
        response_received_at=None if event_response.status is None else state.now(),
        webhook_url=webhook["webhook_url"],
        event=event_request.event,
        message_id=event_request.message_id,
        body=event_request.body,
        response_status=event_response.status,
        response_json=dump(response) if isinstance(response, dict) else None,
        error=describe_error(event_response.error),
        signature=signature,
        duration_ms=event_response.duration_ms,
    )
    state.change(
        "UPDATE webhooks SET last_triggered = ?, failure_count = failure_count + ? WHERE webhook_id = ?",
        attempted_time,
        not event_response.is_success,
        webhook["webhook_id"],
    )


def event_response_view(event_response: EventResponse) -> Json:
    """Return a webhook's response as replayWebhookEvent shows it."""
    return {
        "body": event_response.json,
        "headers": event_response.headers,
        "size": len(event_response.content),
        "contentType": event_response.headers.get("content-type", ""),
        "duration": event_response.duration_ms,
        "error": str(event_response.error) if event_response.error else None,
        "errorType": type(event_response.error).__name__ if event_response.error else None,
    }
