"""An assistant in a group: "/poll Lunch? Pizza, Sushi" asks everyone, and the winner is announced.

BLOOIO_API_KEY=... BLOOIO_WEBHOOK_SECRET=whsec_... flask --app group_assistant run

Subscribe with type="all", so that votes are delivered.
"""

import os

from flask import Flask

from blooio_client import Blooio, webhooks

ENOUGH = 2  # votes that end a poll

client = Blooio()
receiver = webhooks.Receiver(
    secret=os.environ["BLOOIO_WEBHOOK_SECRET"], store=webhooks.SQLiteStore("group_assistant.db")
)


@receiver.on(webhooks.MessageReceived)
def ask(event: webhooks.MessageReceived) -> None:
    """Send a poll if a group message asks for one."""
    if not event.is_group or not (event.text or "").startswith("/poll "):
        return
    question, mark, options = (event.text or "").removeprefix("/poll ").partition("?")
    choices = [option.strip() for option in options.split(",") if option.strip()]
    if not mark or not 2 <= len(choices) <= 10:
        event.reply(client, "Write: /poll Lunch? Pizza, Sushi")
        return
    client.chat(event).polls.send(choices, title=f"{question.strip()}?")


@receiver.on(webhooks.PollVoted)
def decide(event: webhooks.PollVoted) -> None:
    """Announce the winner, once for each poll."""
    chat = client.chat(event)
    best = max(chat.polls.results(event).options, key=lambda option: option.votes)
    if best.votes >= ENOUGH:
        chat.send(f"It is {best.text}!", idempotency_key=f"winner:{event.poll_id}")


app = Flask(__name__)
app.add_url_rule("/blooio", view_func=webhooks.flask(receiver))
if __name__ != "__main__":
    receiver.start()
