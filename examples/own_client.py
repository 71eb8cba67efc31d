"""Use your own HTTP client, with a proxy, a CA file, a hook and limits.

PROXY=http://user:password@proxy.example:3128 CA_FILE=company.pem python own_client.py
"""

import os
import ssl

import httpx

from blooio_client import Blooio


def log(response: httpx.Response) -> None:
    """Log the method and status, but not the URL, which may contain a phone number."""
    print(response.request.method, response.status_code)


def main() -> None:
    """Send one message through the proxy set in the environment."""
    with (
        httpx.Client(
            proxy=os.environ.get("PROXY") or None,
            verify=ssl.create_default_context(cafile=os.environ.get("CA_FILE") or None),
            event_hooks={"response": [log]},
            limits=httpx.Limits(max_connections=20),
        ) as http,
        Blooio(http_client=http) as client,
    ):
        print(client.chat("+15551234567").send("Hello through the proxy").message_id)


if __name__ == "__main__":
    main()
