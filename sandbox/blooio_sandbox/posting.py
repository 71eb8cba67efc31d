"""One signed POST to a webhook, and what came back."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from blooio_overrides.webhooks.signatures import sign
from blooio_sandbox.state import Row, State, dump, monotonic_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from blooio_sandbox.answers import Json

_TIMEOUT = 5.0
_NOBODYS_SECRET = "whsec_nobody_has_this_secret"  # noqa: S105 - it is there to be wrong


@dataclass(frozen=True)
class Parcel:
    """What goes to a webhook: an event's body, and the names it travels under."""

    event_id: str
    event: str
    message_id: str | None
    body: str
    original_event_id: str | None = None
    attempt: int = 1
    stale_by: float = 0.0
    is_forged: bool = False

    def headers(self, secret: str) -> dict[str, str]:
        """Return the headers of a delivery, signed at this moment: a receiver compares it with its own clock."""
        headers = {
            "Content-Type": "application/json",
            "X-Blooio-Event": self.event,
            "X-Blooio-Message-Id": self.message_id,
            "X-Blooio-Signature": self._sign(secret),
        }
        replay = {"X-Blooio-Replay": "true", "X-Original-Event-Id": self.original_event_id}
        named = headers | (replay if self.original_event_id else {})
        return {name: value for name, value in named.items() if value is not None}

    def _sign(self, secret: str) -> str:
        return sign(self.body, _NOBODYS_SECRET if self.is_forged else secret, int(time.time() - self.stale_by))


@dataclass(frozen=True)
class Receipt:
    """What a webhook answered."""

    status: int | None
    content: bytes
    headers: dict[str, str]
    duration_ms: int
    error: Exception | None = None

    @property
    def is_success(self) -> bool:
        """Whether the webhook took the event: any 2xx."""
        return self.status is not None and self.status // 100 == 2  # noqa: PLR2004 - the class of statuses

    @property
    def json(self) -> Any:
        """The answer's body, if it is JSON."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None


@dataclass(frozen=True)
class DeliveryAttempt:
    """An attempt to deliver an event, once its answer is known."""

    event: str
    webhook_url: str
    number: int
    status: int | None
    error: str | None
    duration_ms: int
    is_replay: bool


DeliveryObserver: TypeAlias = "Callable[[DeliveryAttempt], None]"


class Postman:
    """The client that carries parcels; it is made for the first one."""

    def __init__(self, state: State, observer: DeliveryObserver) -> None:
        self._state = state
        self._observer = observer
        self._client: httpx.AsyncClient | None = None

    async def deliver(self, webhook: Row, parcel: Parcel, life: int) -> Receipt:
        """Post a parcel, and write down what happened.

        Raises:
            OutdatedError: The state was reset meanwhile; nothing was written down.
        """
        attempted_time = self._state.now()
        receipt = await self._post(webhook["webhook_url"], parcel, parcel.headers(webhook["signing_secret"]))
        with self._state.transaction(life):
            _write_down(self._state, webhook, parcel, receipt, attempted_time)
        self._observer(_attempt(webhook, parcel, receipt))
        return receipt

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _post(self, url: str, parcel: Parcel, headers: dict[str, str]) -> Receipt:
        import httpx

        started = monotonic_ms()
        try:
            response = await self._get_client().post(url, content=parcel.body.encode(), headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Receipt(None, b"", {}, monotonic_ms() - started, error)
        return Receipt(response.status_code, response.content, dict(response.headers), monotonic_ms() - started)

    def _get_client(self) -> httpx.AsyncClient:
        import httpx

        if self._client is None:
            # A proxy of the environment has no way back to a receiver on loopback.
            self._client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False)
        return self._client


def _attempt(webhook: Row, parcel: Parcel, receipt: Receipt) -> DeliveryAttempt:
    return DeliveryAttempt(
        event=parcel.event,
        webhook_url=webhook["webhook_url"],
        number=parcel.attempt,
        status=receipt.status,
        error=None if receipt.error is None else type(receipt.error).__name__,
        duration_ms=receipt.duration_ms,
        is_replay=parcel.original_event_id is not None,
    )


def _write_down(state: State, webhook: Row, parcel: Parcel, receipt: Receipt, attempted_time: int) -> None:
    answer = receipt.json
    state.insert(
        "webhook_logs",
        webhook_id=webhook["webhook_id"],
        event_id=parcel.event_id,
        original_event_id=parcel.original_event_id,
        attempted_time=attempted_time,
        response_received_at=None if receipt.status is None else state.now(),
        webhook_url=webhook["webhook_url"],
        event=parcel.event,
        message_id=parcel.message_id,
        body=parcel.body,
        response_status=receipt.status,
        response_json=dump(answer) if isinstance(answer, dict) else None,
        duration_ms=receipt.duration_ms,
    )
    state.change(
        "UPDATE webhooks SET last_triggered = ?, failure_count = failure_count + ? WHERE webhook_id = ?",
        attempted_time,
        not receipt.is_success,
        webhook["webhook_id"],
    )


def receipt_view(receipt: Receipt) -> Json:
    """Return a webhook's answer as replayWebhookEvent shows it."""
    return {
        "body": receipt.json,
        "headers": receipt.headers,
        "size": len(receipt.content),
        "contentType": receipt.headers.get("content-type", ""),
        "duration": receipt.duration_ms,
        "error": str(receipt.error) if receipt.error else None,
        "errorType": type(receipt.error).__name__ if receipt.error else None,
    }
