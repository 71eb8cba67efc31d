"""Send one message from a container to the sandbox in another; its API key is random, so ask for it."""

import os

import httpx

from blooio_client import Blooio

sandbox = os.environ["SANDBOX"]
key = httpx.get(f"{sandbox}/_sandbox").json()["api_key"]
with Blooio(key, base_url=f"{sandbox}/v2/api") as client:
    print(client.chat("+15551234567").send("Hello from another container").message_id)
