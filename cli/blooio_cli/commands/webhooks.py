"""Webhooks: subscriptions, their logs, and replays."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import typer

from ..output import columns, json_of
from ..session import Session, command, given
from .messages import LIMIT

app = typer.Typer(help="Subscriptions to events, their logs and replays.", no_args_is_help=True)

TYPE = Annotated[Literal["message", "status", "poll", "all"] | None, typer.Option(help="Which events.")]
WEBHOOK = Annotated[str, typer.Argument(help="The id of a webhook.")]
_SHOWN: Final = "webhook=webhook_id url=webhook_url type=webhook_type active=is_active failures=failure_count"
_FIELDS: Final = "the fields of getWebhook: webhook_id, webhook_url, webhook_type, is_active, failure_count, …"


@command(app, "list", examples=["blooio webhooks list"], prints=_FIELDS)
def list_webhooks(session: Session) -> None:
    """List webhooks."""
    session.out.table(
        session.client.webhooks.list(),
        columns(_SHOWN),
    )


@command(
    app,
    examples=["blooio webhooks create https://example.com/hook --type all"],
    prints="webhook_id, webhook_url, webhook_type, created, signing_secret (this once)",
    kind="write",
)
def create(
    session: Session,
    url: Annotated[str, typer.Argument(help="Where events are delivered.")],
    type: TYPE = None,  # noqa: A002
) -> None:
    """Create a webhook and print its signing secret.

    Blooio shows the secret only once.
    """
    created = session.client.webhooks.create(url, **given(type=type))
    secret = created.signing_secret.reveal() if created.signing_secret else None
    text = f"Created {created.webhook_id}." if created.created else f"{created.webhook_id} already has this URL."
    plain = created.webhook_id if secret is None else f"{created.webhook_id}\t{secret}"
    secret_line = "" if secret is None else f"\nSigning secret, shown only this once: {secret}"
    session.out.done({**json_of(created), "signing_secret": secret}, text + secret_line, plain)


@command(
    app,
    examples=["blooio webhooks update WEBHOOK_ID --type message", "blooio webhooks update WEBHOOK_ID --pause"],
    prints=_FIELDS,
    kind="write",
)
def update(
    session: Session,
    webhook: WEBHOOK,
    type: TYPE = None,  # noqa: A002
    pause: Annotated[bool | None, typer.Option("--pause/--resume", help="Stop or resume deliveries.")] = None,
) -> None:
    """Change a webhook."""
    session.out.done(
        session.client.webhooks.update(webhook, **given(type=type, deprecate=pause)), f"Updated {webhook}."
    )


@command(app, examples=["blooio webhooks show WEBHOOK_ID"], prints=_FIELDS)
def show(session: Session, webhook: WEBHOOK) -> None:
    """Show a webhook."""
    session.out.details(
        session.client.webhooks.get(webhook),
        columns(f"{_SHOWN} last_triggered"),
    )


@command(app, examples=["blooio webhooks delete WEBHOOK_ID"], prints="the fields of deleteWebhook", kind="write")
def delete(session: Session, webhook: WEBHOOK) -> None:
    """Delete a webhook and its logs."""
    session.out.done(session.client.webhooks.delete(webhook), f"Deleted {webhook}.")


@command(
    app,
    examples=["blooio webhooks rotate WEBHOOK_ID"],
    prints="the fields of rotateWebhookSecret, with the signing_secret (this once)",
    kind="write",
)
def rotate(session: Session, webhook: WEBHOOK) -> None:
    """Replace the signing secret; the old one stops working at once."""
    rotated = session.client.webhooks.rotate_secret(webhook)
    secret = rotated.signing_secret.reveal()
    shown = {**json_of(rotated), "signing_secret": secret}
    session.out.done(shown, f"New signing secret, shown only this once: {secret}", secret)


@command(
    app,
    examples=["blooio webhooks logs WEBHOOK_ID --limit 5", "blooio webhooks logs WEBHOOK_ID --failed"],
    prints="the fields of listWebhookLogs: event_id, attempted_time, response_status, event_body, …",
)
def logs(
    session: Session,
    webhook: WEBHOOK,
    limit: LIMIT = 20,
    failed: Annotated[bool, typer.Option("--failed", help="Only deliveries without a 2xx response.")] = False,
) -> None:
    """Show the deliveries to a webhook, the newest first."""
    found = session.client.webhooks.logs.list(webhook, limit=limit, **given(min_status=300 if failed else None))
    session.out.table(
        session.out.read(found, "deliveries"),
        {
            **columns("time=attempted_time event=event_id type=event_body.event"),
            "status": lambda log: log.response_status or "no response",
        },
    )


@command(
    app,
    examples=["blooio webhooks replay WEBHOOK_ID EVENT_ID"],
    prints="the fields of replayWebhookEvent: success, replay_event_id, response_status, duration_ms, …",
    kind="write",
)
def replay(
    session: Session, webhook: WEBHOOK, event: Annotated[str, typer.Argument(help="The id of an event.")]
) -> None:
    """Deliver an event again, under a new event id."""
    replayed = session.client.webhooks.logs.replay(webhook, event)
    outcome = "Delivered" if replayed.success else "Not delivered"
    session.out.done(replayed, f"{outcome}: your server responded {replayed.response_status or 'nothing'}.")
