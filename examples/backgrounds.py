"""Give a conversation a background."""

from blooio_client import Blooio

with Blooio() as client:
    chat = client.chat("+15551234567")
    chat.background.set("photo.jpg")
    print("it has one:", chat.background.get().has_background)
    chat.background.remove()
