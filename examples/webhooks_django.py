"""Reply to each message once, in a Django project with a single file.

BLOOIO_API_KEY=... BLOOIO_WEBHOOK_SECRET=whsec_... python webhooks_django.py runserver
"""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.urls import path

from blooio_client import Blooio, webhooks

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1", "localhost"], SECRET_KEY=os.urandom(32).hex())

client = Blooio()
receiver = webhooks.Receiver(
    secret=os.environ["BLOOIO_WEBHOOK_SECRET"], store=webhooks.SQLiteStore("webhook_events.db")
)


@receiver.on(webhooks.MessageReceived)
def answer(event: webhooks.MessageReceived) -> None:
    event.reply(client, f"You wrote: {event.text}")


urlpatterns = [path("blooio", webhooks.django(receiver))]
application = get_wsgi_application()

if __name__ == "__main__":
    receiver.start()  # resumes events left by an earlier process
    execute_from_command_line(sys.argv)
