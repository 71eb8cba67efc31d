"""Reply to each message once, in a Flask application.

BLOOIO_API_KEY=... BLOOIO_WEBHOOK_SECRET=whsec_... flask --app webhooks_flask run
"""

import os

from flask import Flask

from blooio_client import Blooio, webhooks

client = Blooio()
receiver = webhooks.Receiver(
    secret=os.environ["BLOOIO_WEBHOOK_SECRET"], store=webhooks.SQLiteStore("webhook_events.db")
)


@receiver.on(webhooks.MessageReceived)
def answer(event: webhooks.MessageReceived) -> None:
    event.reply(client, f"You wrote: {event.text}")


app = Flask(__name__)
app.add_url_rule("/blooio", view_func=webhooks.flask(receiver))
receiver.start()  # resumes events left by an earlier process
