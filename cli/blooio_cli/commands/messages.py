"""Chats and their messages: send, read, react."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ..exits import SENT_BUT, USAGE, Failure, failure_of
from ..output import columns
from ..session import Session, command, given, reasonable

if TYPE_CHECKING:
    from blooio_client import Conversation, Message, SentMessage

app = typer.Typer()

CHAT = Annotated[
    str, typer.Argument(help="A phone number (+1555…), an email address, a group id, or several, separated by commas.")
]
LIMIT = Annotated[int, typer.Option(min=1, help="How many to print at most.")]
Progress = Literal["queued", "sent", "delivered", "read"]
DIRECTION = Annotated[Literal["inbound", "outbound"] | None, typer.Option(help="Only messages in this direction.")]
POLL_SECONDS: Final = 2.0
_EXAMPLE: Final = "+15551234567"


@command(
    app,
    examples=[
        f'blooio send {_EXAMPLE} "Your table is booked."',
        f'blooio send {_EXAMPLE} "Happy birthday!" --effect confetti --wait delivered',
        f'echo "Long text" | blooio send {_EXAMPLE} -',
        f'blooio send {_EXAMPLE} "Is it still free?" --dry-run',
    ],
    prints="message_ids, duplicate, idempotency_key, status, group_id; --wait adds the fields of getMessageStatus",
    kind="reach",
)
def send(
    session: Session,
    chat: CHAT,
    text: Annotated[str | None, typer.Argument(help="The text; - reads it from stdin.")] = None,
    attach: Annotated[list[str] | None, typer.Option(metavar="URL", help="Attach a file by URL. Repeatable.")] = None,
    effect: Annotated[str | None, typer.Option(help="An effect, such as confetti.")] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Style **bold**, *italic*, ++underline++, ~~strike~~.")
    ] = False,
    reply_to: Annotated[str | None, typer.Option(metavar="ID", help="The message to reply to.")] = None,
    from_number: Annotated[str | None, typer.Option(metavar="NUMBER", help="The number to send from.")] = None,
    idempotency_key: Annotated[str | None, typer.Option(metavar="KEY", help="Send once under this key.")] = None,
    wait: Annotated[Progress | None, typer.Option(help="Wait until the message has this status.")] = None,
    wait_seconds: Annotated[float, typer.Option(min=0, callback=reasonable, help="How long --wait waits.")] = 60.0,
) -> None:
    """Send a message, once.

    If the outcome is unknown (exit code 3), run the same command again: it retries with the same key, so the message
    cannot arrive twice.
    """
    if text is None and not attach:
        raise Failure('pass a text such as "Hello", - to read it from stdin, or --attach URL', USAGE)
    words = sys.stdin.read().rstrip("\n") if text == "-" else text
    form = "markdown" if markdown else None
    options = given(attachments=attach, effect=effect, format=form, reply_to=reply_to, from_number=from_number)
    session.ask_if_several(chat, "Send this message")
    with session.sending(idempotency_key, "send", chat, words, options) as attempt:
        conversation = session.client.chat(chat)
        sent = conversation.send(words, **options, idempotency_key=attempt.key)
        session.sent = f"Sent {', '.join(sent.message_ids)}."
        attempt.is_settled = wait is None
        again = " An earlier run had already sent it." if sent.duplicate else ""
        session.out.done(sent, f"Sent {', '.join(sent.message_ids)}.{again}", "\n".join(sent.message_ids))
        if sent.status == "failed":
            details = {"sent": True, "idempotency_key": sent.idempotency_key, "message_id": sent.message_id}
            text = f"{', '.join(sent.message_ids)} was accepted, but failed: see `blooio status`"
            raise Failure(text, SENT_BUT, {**details, "is_final": True})
        if wait is not None:
            _wait(session, conversation, sent, wait, wait_seconds)


def _wait(session: Session, conversation: Conversation, sent: SentMessage, until: str, seconds: float) -> None:
    """Wait until the last message reaches the status."""
    from blooio_client import BlooioError, MessageFailedError

    deadline = time.monotonic() + seconds
    for message in sent.message_ids:
        try:
            status = conversation.messages.wait(message, until=until, timeout=max(0.0, deadline - time.monotonic()))
        except BlooioError as error:
            text = f"{message} was sent, but: {error}"
            is_final = isinstance(error, MessageFailedError)  # then a new attempt is a new message
            details = {**failure_of(error).details, "sent": True, "idempotency_key": sent.idempotency_key}
            raise Failure(text, SENT_BUT, {**details, "message_id": message, "is_final": is_final}) from None
        session.out.done(status, f"{message} is {status.status}.", f"{message}\t{status.status}")


@command(
    app,
    examples=["blooio chats", "blooio chats --search ann --limit 5", "blooio chats --json"],
    prints="the fields of listChats: id, contact, last_message, message_count, …",
)
def chats(
    session: Session,
    search: Annotated[str | None, typer.Option(metavar="TEXT", help="Only chats whose name or id matches.")] = None,
    limit: LIMIT = 20,
) -> None:
    """List conversations, the most recent first."""
    found = session.client.chats.list(q=search, limit=limit)
    session.out.table(
        session.out.read(found, "chats"),
        {
            **columns("chat=id"),
            "name": lambda chat: chat.group_name or (chat.contact.name if chat.contact else None),
            **columns("messages=message_count last=last_message_time text=last_message.text"),
        },
    )


@command(
    app,
    examples=[
        f"blooio messages {_EXAMPLE}",
        f"blooio messages {_EXAMPLE} --direction inbound --json",
    ],
    prints="the fields of listChatMessages: message_id, direction, sender, text, time_sent, status, reactions, …",
)
def messages(
    session: Session,
    chat: CHAT,
    limit: LIMIT = 20,
    direction: DIRECTION = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new messages until Ctrl-C.")] = False,
) -> None:
    """Show the messages of a chat, the newest last."""
    from blooio_client import NotFoundError

    conversation = session.client.chat(chat)
    listed = conversation.messages.list(direction=direction, limit=limit)
    newest_first: list[Message] = []
    try:
        newest_first = list(session.out.read(listed, "messages"))
    except NotFoundError:  # the first message creates the chat
        if not follow:
            raise
        session.out.note("No messages yet. Ctrl-C stops.")
    session.out.messages(reversed(newest_first))
    if follow:
        session.out.messages(_following(conversation, newest_first, direction))


def _following(conversation: Conversation, newest_first: list[Message], direction: str | None) -> Iterator[Message]:
    """Yield new messages as they arrive; each poll starts with the newest and ends at a known one."""
    from blooio_client import NotFoundError

    seen = {message.message_id for message in newest_first}
    while True:
        fresh: list[Message] = []
        with suppress(NotFoundError):  # as above
            for message in conversation.messages.list(direction=direction, page_size=50):
                if message.message_id in seen:
                    break
                fresh.append(message)
        seen.update(message.message_id for message in fresh)
        yield from reversed(fresh)
        time.sleep(POLL_SECONDS)


@command(
    app,
    examples=[
        f"blooio react {_EXAMPLE} love",
        f"blooio react {_EXAMPLE} 😂 --message -2 --direction inbound",
        f"blooio react {_EXAMPLE} love --remove",
    ],
    prints="the fields of addReaction: success, message_id, reaction, action",
    kind="reach",
)
def react(
    session: Session,
    chat: CHAT,
    reaction: Annotated[str, typer.Argument(help="love, like, dislike, laugh, emphasize, question, or an emoji.")],
    message: Annotated[str, typer.Option(metavar="ID", help="A message id, or -1 for the last, -2, …")] = "-1",
    direction: DIRECTION = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the reaction.")] = False,
) -> None:
    """React to a message, by default the last one."""
    target = int(message) if message.startswith("-") and message[1:].isdecimal() else message
    session.ask_if_several(chat, "Show this reaction")
    conversation = session.client.chat(chat)
    change = conversation.unreact if remove else conversation.react
    changed = change(reaction, message=target, **given(direction=direction))
    session.out.done(changed, f"{'Removed' if remove else 'Added'} {reaction}.", str(changed.message_id or ""))


@command(
    app,
    examples=[
        f"blooio typing {_EXAMPLE}",
        f"blooio typing {_EXAMPLE} --seconds 0.1",
        f"blooio typing {_EXAMPLE} --stop",
    ],
    prints="the fields of startTyping or stopTyping",
    kind="write",
)
def typing(
    session: Session,
    chat: CHAT,
    seconds: Annotated[
        float | None, typer.Option(min=0, callback=reasonable, help="Stop after this time, or at Ctrl-C.")
    ] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Stop it.")] = False,
) -> None:
    """Show the typing indicator."""
    conversation = session.client.chat(chat)
    if stop:
        session.out.done(conversation.stop_typing(), "The typing indicator is off.")
        return
    try:
        changed = conversation.start_typing()
        time.sleep(seconds or 0)
    except KeyboardInterrupt:
        conversation.stop_typing()
        session.sent = "The typing indicator is off again."
        raise
    if seconds is not None:
        changed = conversation.stop_typing()
    session.out.done(changed, f"The typing indicator is {'on' if seconds is None else 'off again'}.")


@command(
    app,
    examples=[f"blooio read {_EXAMPLE}"],
    prints="the fields of markChatRead",
    kind="write",
)
def read(session: Session, chat: CHAT) -> None:
    """Mark a chat as read, which sends a read receipt."""
    session.out.done(session.client.chat(chat).mark_read(), f"Marked {chat} as read.")


@command(
    app,
    examples=["blooio cancel +15551234567 MESSAGE_ID"],
    prints="the fields of cancelMessage",
    kind="write",
)
def cancel(
    session: Session, chat: CHAT, message: Annotated[str, typer.Argument(help="The id of the message.")]
) -> None:
    """Cancel a message that is still queued."""
    session.out.done(session.client.chat(chat).messages.cancel(message), f"Cancelled {message}.")


@command(
    app,
    examples=["blooio status +15551234567 MESSAGE_ID"],
    prints="the fields of getMessageStatus: message_id, status, protocol, time_sent, time_delivered, error",
)
def status(
    session: Session, chat: CHAT, message: Annotated[str, typer.Argument(help="The id of the message.")]
) -> None:
    """Show the delivery status of a message."""
    session.out.details(
        session.client.chat(chat).messages.status(message),
        columns("message=message_id status protocol sent=time_sent delivered=time_delivered error"),
    )
