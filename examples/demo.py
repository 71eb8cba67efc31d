"""The main job in one minute: send, react, receive a signed webhook, and read the conversation.

    python examples/demo.py                                      # offline, against the sandbox
    BLOOIO_API_KEY=... TO=+1... python examples/demo.py          # against the real service

The real service delivers webhooks over the internet. To see one there, too, forward a public https URL to a local port,
and set WEBHOOK_URL and WEBHOOK_PORT.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from blooio_client import Blooio, BlooioError, Conversation, Message, webhooks
from blooio_sandbox import Sandbox

PATIENCE = 30.0  # seconds to wait for a delivery
FACES = {"love": "❤️", "like": "👍", "dislike": "👎", "laugh": "😂", "emphasize": "‼️", "question": "❓"}


class Receiver:
    """A small web server that accepts only deliveries with a valid signature."""

    def __init__(self, port: int = 0) -> None:
        self.secret = ""
        self.events: queue.Queue[webhooks.Event] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/blooio"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receiver.accept(body, dict(self.headers.items())))
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                del format, args

        return Handler

    def accept(self, body: bytes, headers: dict[str, str]) -> int:
        """Return the response status for a delivery."""
        try:
            self.events.put(webhooks.unwrap(body, headers, secret=self.secret))
        except BlooioError:
            return 401
        return 200

    @contextmanager
    def listening(self) -> Generator[None]:
        """Accept deliveries in the block."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def offline() -> None:
    """Hold a conversation with the sandbox, which plays the other side."""
    receiver = Receiver()
    with (
        Sandbox(clock="stepped") as sandbox,
        Blooio(sandbox.api_key, base_url=sandbox.base_url) as client,
        receiver.listening(),
    ):
        say(f"a local Blooio runs at {sandbox.base_url}")
        subscription = client.webhooks.create(receiver.url, type="message")
        assert subscription.signing_secret is not None
        receiver.secret = subscription.signing_secret.reveal()

        chat = client.chat("+15551234567")
        with chat.typing():
            sent = chat.send("Hi Ann! Your table for two is booked for 7 pm. 🎉")
        say(f"sent, once: {sent.message_id} under the key {sent.idempotency_key}")
        sandbox.advance(seconds=5)
        sandbox.phone("+15551234567").sends("Lovely, see you then!")
        show_deliveries(receiver, until=webhooks.MessageReceived)
        react(chat)
        show_conversation(chat)
        sandbox.assert_no_duplicates()
        say("the sandbox counted: no message arrived twice")


def real(recipient: str) -> None:
    """Send to a real phone, with the API key from BLOOIO_API_KEY."""
    with Blooio() as client:
        url = os.environ.get("WEBHOOK_URL")
        if url:
            receiver = Receiver(int(os.environ.get("WEBHOOK_PORT", "0")))
            with receiver.listening():
                subscription = client.webhooks.create(url, type="all")
                if subscription.signing_secret is None:
                    sys.exit("WEBHOOK_URL is subscribed already, and its secret is shown only once: use another URL")
                receiver.secret = subscription.signing_secret.reveal()
                try:
                    send_and_react(client.chat(recipient))
                    show_deliveries(receiver, until=webhooks.MessageDelivered)
                finally:
                    client.webhooks.delete(subscription)
        else:
            send_and_react(client.chat(recipient))
            say("no WEBHOOK_URL is set, so there is no delivery to show")
        show_conversation(client.chat(recipient))


def send_and_react(chat: Conversation) -> None:
    """Send a message, and react to it."""
    with chat.typing():
        sent = chat.send("Hello from blooio-client 👋")
    say(f"sent, once: {sent.message_id} under the key {sent.idempotency_key}")
    react(chat)


def react(chat: Conversation) -> None:
    """React to the last message by its relative index."""
    change = chat.react("love", message=-1)
    say(f"reacted with {FACES['love']}  to the last message (index -1), which is {change.message_id}")


def show_deliveries(receiver: Receiver, until: type[webhooks.Event]) -> None:
    """Show each verified delivery, up to the first of a kind."""
    event: webhooks.Event | None = None
    while not isinstance(event, until):
        event = receiver.events.get(timeout=PATIENCE)
        say(f"webhook, signature verified: {event.type} in {event.chat_id}")


def show_conversation(chat: Conversation) -> None:
    """Print the last messages as a phone would show them."""
    print(f"\n  ── {chat.id} {'─' * (48 - len(chat.id))}")
    for message in reversed(list(chat.messages.list(limit=6))):
        bubble(message)
    print(f"  {'─' * 52}\n")


def bubble(message: Message) -> None:
    """Print one message: theirs to the left, ours to the right, reactions at its corner."""
    faces = " ".join(FACES.get(each.reaction, each.reaction) for each in message.reactions or [] if each.is_added)
    text = f"{message.text or '(attachment)'}"
    if message.direction == "outbound":
        print(f"  {faces:>4} {text:>44} ◗   {message.status or ''}")
    else:
        print(f"  ◖ {text}  {faces}")


def say(line: str) -> None:
    """Print what happened."""
    print(f"  • {line}")


if __name__ == "__main__":
    to = os.environ.get("TO")
    if os.environ.get("BLOOIO_API_KEY") and not to:
        sys.exit("BLOOIO_API_KEY is set: set a recipient as well (TO=+1...), or unset the key to run offline")
    real(to) if to and os.environ.get("BLOOIO_API_KEY") else offline()
