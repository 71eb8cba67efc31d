"""The public class `Sandbox`."""

from __future__ import annotations

import secrets
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from blooio_overrides.forks import after_fork
from blooio_sandbox.api.handlers import check_disabled, check_enabled
from blooio_sandbox.api.ledger import RecordedRequest, duplicates
from blooio_sandbox.api.limits import SAFETY
from blooio_sandbox.api.routes import PREFIX
from blooio_sandbox.api.webhooks import subscribe
from blooio_sandbox.application import Application, Observer
from blooio_sandbox.control.control import CONTROL_PREFIX, handle_control
from blooio_sandbox.control.faults import Faults
from blooio_sandbox.control.on_demand import OnDemand
from blooio_sandbox.control.seeding import apply_seed
from blooio_sandbox.deliveries.deliverer import DEFAULT_RETRY_SCHEDULE, Deliverer, is_idle
from blooio_sandbox.deliveries.disturbances import Disturbances
from blooio_sandbox.deliveries.payloads import CHOICES
from blooio_sandbox.deliveries.posting import DEFAULT_TIMEOUT, DeliveryObserver
from blooio_sandbox.options import limit, one_of, several
from blooio_sandbox.page.overview import Overview
from blooio_sandbox.page.uploads import Files
from blooio_sandbox.phones.phone import Phone
from blooio_sandbox.server import HOST, ServerThread
from blooio_sandbox.state.chats import to_chat_id
from blooio_sandbox.state.clock import Clock, ClockKind, check_seconds
from blooio_sandbox.state.database import PUBLIC_KEY, Account, Snapshot, State
from blooio_sandbox.state.messages import SandboxMessage, as_message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from blooio_client.webhooks import Receiver
    from blooio_sandbox.deliveries.payloads import Attachments, Batches, Payload


# The most messages that a failed assertion lists.
_MAX_SHOWN = 20


class Sandbox(OnDemand):
    """A local Blooio on a free loopback port.

    Args:
        port: The port to listen on; 0 picks a free one.
        host: The loopback address to listen on.
        allow_network: Allow a `host` that other machines can reach; the API key is then random.
        allowed_hosts: Names, besides localhost and IP addresses, that clients use in the URL, such as a container's.
            URLs of files that phones attach use the first of them.
        db: A file that keeps the state across restarts; by default the state is in memory.
        lenient_encoding: Read a raw `+` in a path as a plus sign; by default it is a space, as on the real service.
        clock: `real` follows the system clock; `stepped` moves only with `advance`.
        status_delay: Seconds from queued to sent, and again from sent to delivered.
        retry_schedule: Seconds to wait after each failed webhook delivery.
        webhook_timeout: Seconds that a webhook has to respond; Blooio allows less.
        enabled: Announced operations to enable, for which Blooio still returns 501.
        disabled: Phone lookups that get 403, as on a plan that does not include them; `createWebhook` gets 410.
        payload: The webhook bodies: `v2` is flat, `v4` an envelope.
        attachments: In webhook bodies, each attachment is an `object` or a `url`; `both` alternates.
        batches: Deliver events that are due together as a `list`, or an object with `events`; with `none`, one by one.
        sparse: Webhook bodies lack null fields, empty lists and the `status` of inbound messages, as Blooio's may.
        reused_keys: An idempotency key with another body gets 409 (`conflict`), or the first response (`replay`).
        daily_limit: Messages per number per day on the sandbox's clock (UTC); then 429 `outbound_limit_reached`.
        new_conversation_limit: New conversations, likewise; then 429 `new_conversation_limit_reached`.
        safety: A restriction of the account, such as `safety_reply_only`; sends that it forbids get 403 with this code.
        observer: Called with every request after its response; must not raise.
        delivery_observer: Called with every delivery attempt; must not raise.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = HOST,
        allow_network: bool = False,
        allowed_hosts: Iterable[str] = (),
        db: str | Path | None = None,
        lenient_encoding: bool = False,
        clock: ClockKind = "real",
        status_delay: float = 1.0,
        retry_schedule: Sequence[float] = DEFAULT_RETRY_SCHEDULE,
        webhook_timeout: float = DEFAULT_TIMEOUT,
        enabled: Iterable[str] = (),
        disabled: Iterable[str] = (),
        payload: Payload = "v2",
        attachments: Attachments = "object",
        batches: Batches = "none",
        sparse: bool = False,
        reused_keys: Literal["conflict", "replay"] = "conflict",
        daily_limit: int | None = None,
        new_conversation_limit: int | None = None,
        safety: str | None = None,
        observer: Observer | None = None,
        delivery_observer: DeliveryObserver | None = None,
    ) -> None:
        self._address = (host, port)
        self._allow_network = allow_network
        self.allowed_hosts: tuple[str, ...] = tuple(name.lower() for name in several("allowed_hosts", allowed_hosts))
        self._db = db
        self._lenient_encoding = lenient_encoding
        self._clock: ClockKind = one_of("clock", clock, get_args(ClockKind))
        self._status_delay = check_seconds("status_delay", status_delay)
        self._retry_schedule = tuple(check_seconds("retry_schedule", seconds) for seconds in retry_schedule)
        self._webhook_timeout = check_seconds("webhook_timeout", webhook_timeout)
        self._account = Account(
            api_key=f"sandbox-key-{secrets.token_hex(16)}" if allow_network else PUBLIC_KEY,
            enabled=check_enabled(several("enabled", enabled)),
            disabled=check_disabled(several("disabled", disabled)),
            payload=one_of("payload", payload, CHOICES["payload"]),
            attachments=one_of("attachments", attachments, CHOICES["attachments"]),
            batches=one_of("batches", batches, CHOICES["batches"]),
            sparse=sparse,
            reused_keys=one_of("reused_keys", reused_keys, ("conflict", "replay")),
            daily_limit=limit("daily_limit", daily_limit),
            new_conversation_limit=limit("new_conversation_limit", new_conversation_limit),
            safety=one_of("safety", safety, (None, *SAFETY)),
        )
        self._observer: Observer = observer or _ignore
        self._delivery_observer: DeliveryObserver = delivery_observer or _ignore
        self._running: _Running | None = None
        # In a forked child, the server of its parent.
        self._of_parent: ServerThread | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url if self._running else 'not started'})"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server; `with` does this for you."""
        if self._running is not None:
            raise RuntimeError("the sandbox is already running")
        state = State(self._db, Clock(self._clock), self._account, self._status_delay)
        deliverer = Deliverer(state, self._retry_schedule, self._webhook_timeout, self._delivery_observer)
        application = Application(
            state,
            deliverer,
            control=partial(handle_control, self),
            lenient_encoding=self._lenient_encoding,
            allowed_hosts=self.allowed_hosts,
            observer=self._observer,
        )
        state.on_change = application.live.notify
        try:
            self._running = _Running(
                state, application, ServerThread(application, *self._address, allow_network=self._allow_network)
            )
        except BaseException:
            state.close()
            raise
        self._of_parent = None
        after_fork(self._leave_to_parent)
        self._running.server.start()

    def stop(self) -> None:
        """Stop the server and close everything; a `db` file keeps the state."""
        if self._running is not None:
            running, self._running = self._running, None
            running.server.stop()
            running.state.close()

    def _leave_to_parent(self) -> None:
        # The threads of the parent are gone, and may have held locks.
        if self._running is not None:
            self._of_parent, self._running = self._running.server, None
            self._of_parent.leave_to_parent()

    @property
    def base_url(self) -> str:
        """The base URL for a client."""
        return f"{self._server.origin}{PREFIX}"

    @property
    def page_url(self) -> str:
        """The URL of the page for a browser."""
        return f"{self._server.origin}{CONTROL_PREFIX}/"

    @property
    def files_url(self) -> str:
        """The base URL of the files that phones attach; it uses the first of `allowed_hosts`, if any."""
        if not self.allowed_hosts:
            return self.page_url
        return f"http://{self.allowed_hosts[0]}:{self._server.port}{CONTROL_PREFIX}/"

    @property
    def api_key(self) -> str:
        """The API key that this sandbox accepts."""
        return self._account.api_key

    @property
    def number(self) -> str:
        """The number that the API key sends from."""
        return self._account.numbers[0]

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers of the API key."""
        return self._account.numbers

    def phone(self, identifier: str) -> Phone:
        """Return the phone with this number or email address; it plays the other side."""
        return Phone(self._state, identifier)

    @property
    def webhook_secrets(self) -> dict[str, str]:
        """The signing secret of each webhook, by URL."""
        rows = self._state.rows("SELECT webhook_url, signing_secret FROM webhooks ORDER BY position")
        return {row["webhook_url"]: row["signing_secret"] for row in rows}

    def deliver_to(self, receiver: Receiver, *, secret: str, type: str = "all") -> None:  # noqa: A002 - as in create
        """Deliver events to a receiver of this process, without a port or a server.

        Like any other delivery, each is signed, logged and retried. The receiver stores its events; call its `drain()`
        or `start()` to handle them. It gets no more events after `reset()`.

        Args:
            receiver: The receiver of your application.
            secret: The signing secret that it was created with.
            type: The events that it gets: `message`, `status`, `poll` or `all`.
        """
        one_of("type", type, ("message", "status", "poll", "all"))
        receivers = self._now_running.application.deliverer.sender.receivers
        url = f"https://receiver-{len(receivers) + 1}.invalid/"
        with self._state.transaction():
            receivers[url] = receiver
            subscribe(self._state, {"webhook_url": url, "webhook_type": type}, secret=secret)

    @property
    def messages(self) -> list[SandboxMessage]:
        """Every message accepted for sending, oldest first."""
        rows = self._state.rows("SELECT * FROM messages WHERE direction = 'outbound' ORDER BY position")
        return [as_message(self._state, row) for row in rows]

    @property
    def requests(self) -> list[RecordedRequest]:
        """The latest 50,000 requests as received, oldest first."""
        return self._now_running.application.ledger.all()

    @property
    def overview(self) -> Overview:
        """The chats, requests and deliveries that the page lists."""
        application = self._now_running.application
        return Overview(self._state, application.ledger, application.faults, application.deliverer.disturbances)

    @property
    def files(self) -> Files:
        """The files that were uploaded in the page."""
        return Files(self._state)

    @property
    def now(self) -> int:
        """The sandbox's time in epoch milliseconds."""
        return self._state.now()

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock forward: statuses change and deliveries become due."""
        self._state.advance(seconds)

    def wait_for_deliveries(self, timeout: float = 5.0) -> None:
        """Block until no delivery is due: each was made, or waits for its next attempt.

        Raises:
            TimeoutError: A delivery was still pending after the timeout.
        """
        if not self._state.wait_until(lambda: is_idle(self._state), timeout):
            raise TimeoutError(f"deliveries were still pending after {timeout} seconds")

    @property
    def is_idle(self) -> bool:
        """Whether no delivery is due: each was made, or waits for its next attempt."""
        return is_idle(self._state)

    @property
    def duplicates(self) -> list[str]:
        """The messages that were accepted twice, one line each.

        That is, two sends with one idempotency key, or two sends of the same body to the same chat, unless each
        has a key chosen by its caller. A UUID does not count as chosen, since clients generate them.
        """
        return duplicates(self._state)

    def assert_no_duplicates(self) -> None:
        """Fail if there are `duplicates`; see `assert_once_each` for retries with a new key."""
        found = self.duplicates
        if found:
            raise AssertionError("\n".join(found))

    def assert_sent(self, text: str | None = None, *, to: str | None = None) -> SandboxMessage:
        """Fail unless a message with this text and recipient was accepted; return the latest."""
        chat_id = None if to is None else to_chat_id(self._state, to)
        found = [each for each in self.messages if text in (None, each.text) and chat_id in (None, each.chat_id)]
        if not found:
            sent = "".join(f"\n  to {each.chat_id}: {each.text!r}" for each in self.messages[-_MAX_SHOWN:])
            what = "no message" if text is None else f"no message {text!r}"
            raise AssertionError(f"{what} was sent to {to or 'anyone'}; sent:{sent or ' nothing'}")
        return found[-1]

    def assert_once_each(self, recipients: Iterable[str], text: str | None = None) -> None:
        """Fail unless each recipient, and no one else, was sent exactly one message, optionally with this text.

        Unlike `assert_no_duplicates`, this ignores idempotency keys: it sees a retry under a new key.
        """
        expected = [to_chat_id(self._state, each) for each in recipients]
        sent = Counter(each.chat_id for each in self.messages if text in (None, each.text))
        wrong = [
            f"{each}: {sent[each]} messages, expected {int(each in expected)}"
            for each in {**dict.fromkeys(expected), **sent}
            if sent[each] != int(each in expected)
        ]
        if wrong:
            raise AssertionError("\n".join(wrong))

    def seed(self, source: str | Path | Mapping[str, Any]) -> None:
        """Add contacts, groups, phones, webhooks and messages from a YAML file or a mapping.

        Raises:
            SeedError: The seed is not valid; what comes before the named place was added.
        """
        apply_seed(self._state, source)

    def snapshot(self) -> Snapshot:
        """Return the whole state: contacts, messages, webhooks, and the clock."""
        return self._state.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Replace the state with a snapshot; a snapshot can be restored any number of times."""
        with self._state.locked():
            self._state.restore(snapshot)
            self._forget_requests()

    def reset(self) -> None:
        """Clear everything: messages, requests, faults, webhooks, and clock advances.

        Requests in flight change nothing and receive 410.
        """
        with self._state.locked():
            self._state.clear()
            self._now_running.application.deliverer.sender.receivers.clear()
            self._forget_requests()

    def _forget_requests(self) -> None:
        self.stop_failing()
        self._now_running.application.ledger.clear()

    @property
    def _faults(self) -> Faults:
        return self._now_running.application.faults

    @property
    def _disturbances(self) -> Disturbances:
        return self._now_running.application.deliverer.disturbances

    @property
    def _state(self) -> State:
        return self._now_running.state

    @property
    def _server(self) -> ServerThread:
        return self._of_parent or self._now_running.server

    @property
    def _now_running(self) -> _Running:
        if self._of_parent is not None:
            raise RuntimeError(
                "the sandbox runs in the process that this one was forked from: call its methods there, or use its "
                "control API"
            )
        if self._running is None:
            raise RuntimeError("the sandbox is not running: use it in a `with` block, or call start()")
        return self._running


class _Running:
    def __init__(self, state: State, application: Application, server: ServerThread) -> None:
        self.state: State = state
        self.application: Application = application
        self.server: ServerThread = server


def _ignore(_seen: object) -> None:
    """Ignore what is observed."""
