"""Subscribe to events, read the delivery log, and rotate the secret."""

from blooio_client import Blooio

with Blooio() as client:
    subscription = client.webhooks.create("https://example.com/blooio", type="all")
    if subscription.signing_secret is not None:  # shown only once: store the result of reveal()
        print("subscribed; the secret is", subscription.signing_secret)
    client.webhooks.rotate_secret(subscription)
    for webhook in client.webhooks.list():
        print(webhook.webhook_url, webhook.webhook_type, "failures:", webhook.failure_count)
    for log in client.webhooks.logs.list(subscription, limit=10):
        print(log.attempted_time, log.response_status)
    client.webhooks.delete(subscription)
