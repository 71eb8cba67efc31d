"""Polls."""

from __future__ import annotations

from typing import Annotated

import typer

from ..output import columns
from ..session import Session, command, given
from .messages import CHAT

app = typer.Typer(help="Polls and their results.", no_args_is_help=True)


@command(
    app,
    examples=['blooio polls send +15551234567 Pizza Sushi --title "Lunch?"'],
    prints="the fields of sendPoll: poll_id, chat_id, poll, sent_at",
    kind="reach",
)
def send(
    session: Session,
    chat: CHAT,
    options: Annotated[list[str], typer.Argument(metavar="OPTION…", help="The options, 2 to 10.")],
    title: Annotated[str | None, typer.Option(help="The question.")] = None,
) -> None:
    """Send a poll.

    A poll has no idempotency key: if the outcome is unknown (exit code 3), look at the chat before you send it again.
    """
    session.ask_if_several(chat, "Send this poll")
    sent = session.client.chat(chat).polls.send(options, **given(title=title))
    session.sent = f"Sent {sent.poll_id}."
    session.out.done(sent, f"Sent {sent.poll_id}.", sent.poll_id)


@command(
    app,
    examples=["blooio polls results +15551234567 POLL_ID"],
    prints="the fields of getPollResults: options (text, votes), title, total_votes, …",
)
def results(session: Session, chat: CHAT, poll: Annotated[str, typer.Argument(help="The id of the poll.")]) -> None:
    """Count the votes of a poll."""
    found = session.client.chat(chat).polls.results(poll)
    if session.out.as_json:
        session.out.done(found, "")
    else:
        session.out.table(found.options, columns("option=text votes"))
