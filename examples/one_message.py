"""Send one message and wait until it is delivered: python one_message.py +15551234567 "See you at seven!"."""

import sys

from blooio_client import Blooio, BlooioError


def main(recipient: str = "+15551234567", text: str = "See you at seven!") -> None:
    """Send once, and print the outcome."""
    with Blooio() as client:
        chat = client.chat(recipient)
        try:
            sent = chat.send(text)
            print(sent.message_id, chat.messages.wait(sent, until="sent", poll=0.5).status)
        except BlooioError as error:
            sys.exit(f"{error} (sent: {error.sent})")


if __name__ == "__main__":
    main(*sys.argv[1:3])
