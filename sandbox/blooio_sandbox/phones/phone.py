"""A phone: the other side of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from blooio_sandbox.api.locations import keep_location
from blooio_sandbox.api.markdown import read_markdown
from blooio_sandbox.api.messages import is_reaction
from blooio_sandbox.api.polls import latest_poll, require_poll, vote
from blooio_sandbox.deliveries.events import group_fields, message_body, publish, publish_reaction, publish_received
from blooio_sandbox.responses import is_web_url
from blooio_sandbox.state.addresses import parse_person
from blooio_sandbox.state.chats import chat_ids_of, create_group, own_number_for
from blooio_sandbox.state.messages import SandboxMessage, add_message, as_message, attachments_json, find_message
from blooio_sandbox.state.messages import keep_reaction as keep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blooio_sandbox.state.database import Row, State

Direction: TypeAlias = Literal["inbound", "outbound"]
Protocol: TypeAlias = Literal["imessage", "sms", "rcs", "pending", "unknown"]
PROTOCOLS: tuple[str, ...] = get_args(Protocol)


_HAPPEN_NOW = "UPDATE events SET due_at = ? WHERE message_id = ? AND is_published = 0 AND due_at > ?"
_STOP_TYPING = "DELETE FROM phone_typing WHERE chat_id = ? AND identifier = ?"


class Phone:
    """A person with a phone number or email address who writes, reads and reacts.

    Directions are named from the API's side: messages that this phone sends are inbound. Name a group by its id;
    without `group`, everything happens in the direct chat.
    """

    def __init__(self, state: State, identifier: str) -> None:
        self._state = state
        self.identifier: str = parse_person(identifier)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.identifier!r})"

    @property
    def messages(self) -> list[SandboxMessage]:
        """All messages in the chats of this phone, oldest first."""
        chat_ids = chat_ids_of(self._state, self.identifier)
        marks = ", ".join("?" for _ in chat_ids)
        statement = f"SELECT * FROM messages WHERE chat_id IN ({marks}) ORDER BY position"  # noqa: S608 - marks only
        return [as_message(self._state, row) for row in self._state.rows(statement, *chat_ids)]

    def sends(
        self,
        text: str | None = None,
        *,
        attachments: Sequence[str] = (),
        reply_to: str | None = None,
        group: str | None = None,
        format: Literal["plain", "markdown"] = "plain",  # noqa: A002 - as in `chat.send`
    ) -> SandboxMessage:
        """Send a message to the API's number; webhooks receive `message.received`.

        Args:
            text: The text; required unless there are attachments.
            attachments: URLs of files.
            reply_to: The id of a message in the same chat that this one replies to.
            group: The id of a group, instead of the direct chat.
            format: With `markdown`, the text has styles: bold, italic, underlined and struck through.
        """
        if not text and not attachments:
            raise ValueError("a message needs a text or an attachment")
        for index, url in enumerate(attachments):
            if not is_web_url(url):
                raise ValueError(f"attachments[{index}] must be an http(s) URL, not {url!r}")
        chat_id = self._chat_id(group)
        with self._state.transaction():
            parent = None if reply_to is None else self._find(reply_to, None, group)["message_id"]
            self._state.change(_STOP_TYPING, chat_id, self.identifier)
            styled = None
            if text and format == "markdown":
                text, styled = read_markdown(text, "/text")
            message = self._add(chat_id, text, attachments, parent, styled)
            publish_received(self._state, message)
        return as_message(self._state, message)

    def reacts(
        self, reaction: str, *, message: str | int = -1, direction: Direction | None = None, group: str | None = None
    ) -> SandboxMessage:
        """React to the last message, or to another by index (-2, -3, ...) or id."""
        return self._react(reaction, self._find(message, direction, group), is_added=True)

    def unreacts(
        self, reaction: str, *, message: str | int = -1, direction: Direction | None = None, group: str | None = None
    ) -> SandboxMessage:
        """Remove a reaction."""
        return self._react(reaction, self._find(message, direction, group), is_added=False)

    def reads(self, *, group: str | None = None) -> None:
        """Read every message; webhooks receive `message.read` for each."""
        statement = """SELECT * FROM messages WHERE chat_id = ? AND direction = 'outbound' AND read_at IS NULL
            AND failed_at IS NULL AND cancelled_at IS NULL ORDER BY position"""
        with self._state.transaction():
            for message in self._state.rows(statement, self._chat_id(group)):
                self._read(message)

    def types(self, *, group: str | None = None) -> None:
        """Start typing; webhooks receive `typing.started`."""
        self._publish("typing.started", "INSERT OR IGNORE INTO phone_typing VALUES (?, ?)", group)

    def stops_typing(self, *, group: str | None = None) -> None:
        """Stop typing; webhooks receive `typing.stopped`."""
        self._publish("typing.stopped", _STOP_TYPING, group)

    def votes(self, option: str, *, poll: str | None = None, group: str | None = None) -> None:
        """Vote in the latest poll of the chat, or in another by id; webhooks receive `poll.voted`."""
        chat_id = self._chat_id(group)
        with self._state.transaction():
            found = latest_poll(self._state, chat_id) if poll is None else require_poll(self._state, chat_id, poll)
            vote(self._state, found, self.identifier, option)

    def starts_group(self, *others: str, name: str | None = None) -> str:
        """Start a group with the API's number and other people, and return its id."""
        people = tuple(dict.fromkeys([self.identifier, *map(parse_person, others)]))
        with self._state.transaction():
            return create_group(self._state, name, people)

    def shares_location(self, latitude: float, longitude: float) -> None:
        """Share the location of this phone with the account."""
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees; false for NaN
            raise ValueError("latitude must be from -90 to 90, and longitude from -180 to 180")
        with self._state.transaction():
            keep_location(self._state, self.identifier, latitude, longitude)

    def uses(self, protocol: Protocol, *, online: bool = True, failing_with: str | None = None) -> None:
        """Set the protocol of later messages, and whether they arrive.

        Args:
            protocol: The phone's protocol; it also sets the contact's capabilities. `pending` means that Blooio does
                not know it yet, and `unknown` that it never will.
            online: If False, messages are sent but never delivered.
            failing_with: An error code that messages fail with.
        """
        statement = "INSERT OR REPLACE INTO phones VALUES (?, ?, ?, ?)"
        with self._state.transaction():
            self._state.change(statement, self.identifier, protocol, online, failing_with)

    def wait_for(self, text: str | None = None, *, timeout: float = 5.0) -> SandboxMessage:
        """Block until a message from the API arrives, optionally with this text, and return the latest.

        Raises:
            TimeoutError: No message arrived in time.
        """
        if not self._state.wait_until(lambda: bool(self._received(text)), timeout):
            raise TimeoutError(f"no message{'' if text is None else f' {text!r}'} arrived within {timeout} seconds")
        return self._received(text)[-1]

    def _received(self, text: str | None) -> list[SandboxMessage]:
        return [each for each in self.messages if each.direction == "outbound" and text in (None, each.text)]

    def _chat_id(self, group: str | None) -> str:
        chat_id = self.identifier if group is None else group
        if chat_id not in chat_ids_of(self._state, self.identifier):
            raise LookupError(f"{self.identifier} is not a member of the group {group}")
        return chat_id

    def _add(
        self, chat_id: str, text: str | None, attachments: Sequence[str], parent: str | None, styled: str | None
    ) -> Row:
        return add_message(
            self._state,
            chat_id=chat_id,
            direction="inbound",
            own_number=own_number_for(self._state, chat_id),
            sender=self.identifier,
            text=text,
            formatted_text=styled,
            attachments=attachments_json(list(attachments)),
            protocol=self._state.value("SELECT protocol FROM phones WHERE identifier = ?", self.identifier)
            or "imessage",
            reply_to=parent,
        )

    def _find(self, message: str | int, direction: str | None, group: str | None) -> Row:
        found = find_message(self._state, self._chat_id(group), message, direction)
        if found is None:
            raise LookupError(f"there is no message {message!r} in this chat")
        return found

    def _react(self, reaction: str, message: Row, *, is_added: bool) -> SandboxMessage:
        if not is_reaction(reaction):
            raise ValueError(f"{reaction!r} is not a tapback or an emoji")
        action = "add" if is_added else "remove"
        with self._state.transaction():
            keep(self._state, message, reaction, is_added=is_added, sender=self.identifier)
            publish_reaction(self._state, message, reaction, action, self.identifier)
        return as_message(self._state, message)

    def _read(self, message: Row) -> None:
        now = self._state.now()
        statement = """UPDATE messages SET read_at = ?, sent_at = min(coalesce(sent_at, ?), ?),
            delivered_at = min(coalesce(delivered_at, ?), ?) WHERE position = ?"""
        self._state.change(statement, now, now, now, now, now, message["position"])
        self._state.change(_HAPPEN_NOW, now, message["message_id"], now)
        body = message_body(self._state, message, "read")
        publish(self._state, "message.read", {**body, "read_at": now})

    def _publish(self, event: str, statement: str, group: str | None) -> None:
        chat_id = self._chat_id(group)
        body: dict[str, Any] = {"external_id": chat_id, "sender": self.identifier}
        with self._state.transaction():
            self._state.change(statement, chat_id, self.identifier)
            internal_id = own_number_for(self._state, chat_id)
            publish(self._state, event, {**body, "internal_id": internal_id, **group_fields(self._state, chat_id)})
