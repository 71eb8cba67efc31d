"""Listen to webhook deliveries without a public URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..exits import NOT_DONE, Failure
from ..output import columns
from ..session import Session, command

if TYPE_CHECKING:
    from blooio_client.webhooks import Event

app = typer.Typer()


@dataclass(frozen=True)
class Seen:
    """An event, and the local server's response to it."""

    event: Event
    time: Any
    forwarded_status: int | None

    @property
    def text(self) -> str | None:
        """The text of the event, if it has one."""
        return getattr(self.event, "text", None)

    @property
    def response(self) -> object:
        """The local server's response."""
        return self.forwarded_status or "no response"

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {"event": dict(self.event.raw), "forwarded_status": self.forwarded_status}


@command(
    app,
    examples=["blooio listen", "blooio listen --forward http://127.0.0.1:8000/hook"],
    prints="event (the delivery's body), forwarded_status",
)
def listen(
    session: Session,
    forward: Annotated[str | None, typer.Option(metavar="URL", help="Forward events to this URL, signed.")] = None,
    webhook: Annotated[str | None, typer.Option(metavar="ID", help="The webhook to listen to.")] = None,
    poll: Annotated[float, typer.Option(min=0.05, help="Seconds between polls.")] = 2.0,
) -> None:
    """Show webhook events as they are delivered, until Ctrl-C.

    It reads the delivery log, so it needs no public URL. --forward signs each event again, with the secret in
    BLOOIO_WEBHOOK_SECRET or else with a new one, which it prints.
    """
    identifier = webhook or _only_webhook(session)
    events = _events(session, identifier, forward, poll)
    shown = columns("time type=event.type chat=event.chat_id text" + (" response" if forward is not None else ""))
    session.out.note(f"Listening to {identifier}. Ctrl-C stops.")
    with session.out.live(shown) as add:
        for seen in events:
            add(seen)


def _events(session: Session, webhook: str, forward: str | None, poll: float) -> Iterator[Seen]:
    logs = session.client.webhooks.logs
    if forward is None:
        for delivery in logs.follow(webhook, poll=poll):
            yield Seen(delivery.event, delivery.log.attempted_time, None)
        return
    secret = os.environ.get("BLOOIO_WEBHOOK_SECRET")
    if secret is None:
        import secrets

        secret = f"whsec_{secrets.token_hex(24)}"
        session.out.note(f"Events are signed with {secret}")
    for handed in logs.forward(webhook, forward, secret=secret, poll=poll):
        yield Seen(handed.delivery.event, handed.delivery.log.attempted_time, handed.status)


def _only_webhook(session: Session) -> str:
    found = session.client.webhooks.list()
    if len(found) == 1:
        return found[0].webhook_id
    if not found:
        raise Failure("you have no webhooks: create one with `blooio webhooks create URL --type all`", NOT_DONE)
    listed = "\n".join(f"  {each.webhook_id}  {each.webhook_url}" for each in found)
    raise Failure(f"you have {len(found)} webhooks: choose one with --webhook ID\n{listed}", NOT_DONE)
