"""Reply to messages in AWS Lambda, behind a function URL or an API Gateway.

The handler is lambda_receiver.handler. A function is frozen once it returns, so events are handled within the call, and
the store outlives the function. Call it from a schedule once a minute, too: that retries what failed.
"""

import os
from typing import Any

from blooio_client import Blooio, webhooks

client = Blooio(timeout=20)
database = os.environ.get("DATABASE_URL")  # postgresql+psycopg://..., for a store outside the function
receiver = webhooks.Receiver(
    secret=os.environ.get("BLOOIO_WEBHOOK_SECRET", "whsec_example"),
    store=webhooks.SQLStore(database) if database else webhooks.MemoryStore(),
)


@receiver.on(webhooks.MessageReceived)
def answer(event: webhooks.MessageReceived) -> None:
    """Reply to each message once."""
    if not event.opt_out:
        event.reply(client, f"You wrote: {event.text}")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Handle a delivery, or a call from the schedule, and all due events."""
    del context
    is_scheduled = event.get("source") == "aws.events"
    status = 200 if is_scheduled else receiver.receive(webhooks.from_lambda(event))
    receiver.drain()
    return {"statusCode": status}


if __name__ == "__main__":  # a test event, as a function URL sends it
    delivery = webhooks.example("message.received", text="Hi")
    sample = {
        "requestContext": {"http": {"method": "POST"}},
        "headers": delivery.headers,
        "body": delivery.body.decode(),
    }
    print(handler(sample, None), handler({"source": "aws.events"}, None))
    client.close()
