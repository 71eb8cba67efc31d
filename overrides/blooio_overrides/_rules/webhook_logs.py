"""Find the new events in a delivery log, each once and in order. Nothing here waits or sends."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import attrs

from blooio_client.types import JsonObject, Model, Secret
from blooio_client.values import milliseconds

from .._call.settings import is_loopback
from ..arguments import header_problem, reject
from ..webhooks.parsing import event_of
from ..webhooks.signatures import sign

if TYPE_CHECKING:
    from blooio_client.models import WebhookLog

    from ..webhooks.events import Event

RETRIED_FOR: Final = 20 * 60_000
"""Milliseconds for which a delivery is retried, so that its event can appear in the log again."""
LATE_BY: Final = 60_000
"""Milliseconds by which an entry may appear after newer ones: it is written when the attempt ends."""
FORWARD_TIMEOUT: Final = 30.0


@attrs.frozen
class LoggedDelivery:
    """An event in the delivery log, delivered or not."""

    event: Event
    log: WebhookLog = attrs.field(repr=False)
    cursor: str
    """Pass this to `follow` to continue after this event."""


@attrs.frozen
class ForwardedDelivery:
    """An event that was forwarded to a local URL."""

    delivery: LoggedDelivery
    status: int | None
    """The HTTP status of the local server's response; None if there was none."""


class Follower:
    """The position in a delivery log, and the events seen so far."""

    def __init__(self, cursor: str | None) -> None:
        """Start after the event of a cursor; without one, after everything in the first reading.

        Raises:
            InvalidArgumentError: The cursor is not valid.
        """
        self._after = None if cursor is None else _checked_cursor(cursor)
        self._reached = self._after[0] if self._after else None
        self._seen: dict[str, int] = {}
        self._is_first = True

    def is_enough(self, log: WebhookLog) -> bool:
        """Whether this entry and all older ones can be skipped, reading the newest first."""
        if self._reached is None:
            self._reached = _moment_of(log, 0)
        back = RETRIED_FOR if self._is_first else LATE_BY
        return _moment_of(log, self._reached) < self._reached - back

    def take(self, newest_first: Sequence[WebhookLog]) -> list[LoggedDelivery]:
        """Return the new deliveries of a reading, oldest first."""
        reached = self._reached or 0
        timed = sorted(((_moment_of(log, reached), log) for log in reversed(newest_first)), key=lambda each: each[0])
        old = self._number_of_old(timed) if self._is_first else 0
        fresh = [
            _delivery(moment, log)
            for number, (moment, log) in enumerate(timed)
            if self._is_new(moment, log) and number >= old
        ]
        self._is_first = False
        self._reached = max([reached, *(moment for moment, _ in timed)])
        self._seen = {event: moment for event, moment in self._seen.items() if moment >= self._reached - RETRIED_FOR}
        return fresh

    def _number_of_old(self, timed: Sequence[tuple[int, WebhookLog]]) -> int:
        if self._after is None:
            return len(timed)
        at, event_id = self._after
        ends = [
            number + 1 for number, (moment, log) in enumerate(timed) if (moment, str(log.event_id)) == (at, event_id)
        ]
        return ends[-1] if ends else sum(moment < at for moment, _ in timed)

    def _is_new(self, moment: int, log: WebhookLog) -> bool:
        event_id = str(log.event_id)
        is_new = event_id not in self._seen
        self._seen[event_id] = moment
        return is_new


def _moment_of(log: WebhookLog, default: int) -> int:
    time: object = log.attempted_time
    return milliseconds(time) if isinstance(time, datetime.datetime) else default


def _delivery(moment: int, log: WebhookLog) -> LoggedDelivery:
    body = log.event_body.to_dict() if isinstance(log.event_body, Model) else {}
    event = event_of(body, is_replay=bool(_metadata(log).get("is_replay")))
    return LoggedDelivery(event, log, f"{moment}:{log.event_id}")


def _metadata(log: WebhookLog) -> JsonObject:
    return log.metadata.to_dict() if isinstance(log.metadata, Model) else {}


def _checked_cursor(cursor: object) -> tuple[int, str]:
    moment, _, event_id = cursor.partition(":") if isinstance(cursor, str) else ("", "", "")
    if not (moment.isascii() and moment.isdecimal()) or not event_id:
        reject("cursor is not valid; expected the cursor of a delivery from follow()")
    return int(moment), event_id


def local_url(url: object) -> str:
    """Return a URL, if it is on this machine.

    Raises:
        InvalidArgumentError: It is not; the contents of events would leave this machine.
    """
    try:
        parts = urlsplit(url) if isinstance(url, str) and url.isprintable() else None
        # `port` raises unless it is a number.
        if parts and parts.scheme in ("http", "https") and parts.port != 0 and is_loopback(parts.hostname or ""):
            return parts.geturl()
    except ValueError:
        pass
    return reject(
        "url is not on this machine; expected an http(s) URL of this machine such as http://127.0.0.1:8000/blooio"
    )


def signed_delivery(delivery: LoggedDelivery, secret: str | Secret) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a webhook delivery, with a new signature."""
    event, metadata = delivery.event, _metadata(delivery.log)
    body = json.dumps(event.raw).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Blooio-Event": event.type,
        "X-Blooio-Signature": sign(body, secret),
        "X-Blooio-Message-Id": metadata.get("message_id"),
        "X-Blooio-Replay": "true" if event.is_replay else None,
        "X-Original-Event-Id": metadata.get("original_event_id"),
    }
    return body, {
        name: value for name, value in headers.items() if isinstance(value, str) and header_problem(value) is None
    }
