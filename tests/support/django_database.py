"""A Django project whose handler queries PostgreSQL, and loses its connections between two events."""

from __future__ import annotations

import sys
import time
from typing import Any

import psycopg
import sqlalchemy as sa

from blooio_client import webhooks

SECRET = "whsec_django"


def main(place: str) -> None:
    """Handle an event, end all connections, handle another event, and print the failures."""
    import django
    from django.conf import settings
    from django.db import connection

    url = sa.make_url(place)
    database: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql", "NAME": url.database, "USER": url.username}
    database |= {"HOST": url.query.get("host") or url.host, "PORT": url.port, "PASSWORD": url.password}
    settings.configure(SECRET_KEY="x", DATABASES={"default": database})
    django.setup()

    failures = list[str]()
    # One thread handles both events.
    receiver = webhooks.Receiver(
        secret=SECRET, concurrency=1, on_error=lambda _, error: failures.append(type(error).__name__)
    )
    webhooks.django(receiver)

    @receiver.on(webhooks.MessageReceived)
    def query(_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    def handle() -> None:
        receiver.receive(webhooks.example("message.received", secret=SECRET))
        while (status := receiver.status()).waiting > status.postponed:
            time.sleep(0.01)

    receiver.start()
    handle()
    with psycopg.connect(place, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    handle()
    print(failures)


if __name__ == "__main__":
    main(*sys.argv[1:])
