"""Send one message to a sandbox in another container, whose random API key is read first."""

import os

import httpx

from blooio_client import Blooio

sandbox = os.environ["SANDBOX"]
about = httpx.get(f"{sandbox}/_sandbox").json()
with Blooio(about["api_key"], base_url=about["base_url"]) as client:
    print(client.chat("+15551234567").send("Hello from another container").message_id)
