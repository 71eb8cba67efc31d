"""Let Celery send an outbox: celery -A celery_outbox worker --beat --concurrency 8."""

# pyright: basic
# Celery has no types.

from __future__ import annotations

import os
from functools import cache

from celery import Celery  # type: ignore[import-not-found, import-untyped, unused-ignore]  # pyright: ignore[reportMissingImports]

from blooio_client import Blooio
from blooio_client.outbox import Outbox

app = Celery("celery_outbox", broker=os.environ.get("CELERY_BROKER_URL", "amqp://"))
app.conf.beat_schedule = {"plan": {"task": "plan", "schedule": 1.0, "options": {"expires": 1.0}}}
outbox = Outbox(os.environ.get("OUTBOX_URL", "sqlite:///outbox.db"))


@cache
def client() -> Blooio:
    """Return the client of this process."""
    return Blooio()


@app.task(name="plan", ignore_result=True)  # type: ignore[untyped-decorator, unused-ignore]
def plan() -> None:
    """Choose messages for the next seconds. A lost or repeated task is harmless: the outbox plans again."""
    for planned in outbox.plan(horizon=2.0):
        deliver.apply_async((planned.id,), countdown=max(0.0, planned.wait - 0.5))  # `deliver` waits for the slot


@app.task(name="deliver", ignore_result=True)  # type: ignore[untyped-decorator, unused-ignore]
def deliver(message_id: int) -> None:
    """Send one message, unless it was sent already."""
    outbox.deliver(message_id, client())
