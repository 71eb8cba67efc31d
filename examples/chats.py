"""Send, react, wait until it is delivered, and read the conversation."""

from blooio_client import Blooio, Tapback, idempotency_key_for

with Blooio() as client:
    chat = client.chat("+15551234567")
    with chat.typing():
        sent = chat.send(
            ["Your table for two is booked.", "See you at seven! 🎉"],
            idempotency_key=idempotency_key_for("booking-confirmation", "booking-4711"),
        )
    chat.react(Tapback.LOVE, message=sent)
    print("status:", chat.messages.wait(sent, until="sent", poll=0.05).status)
    chat.mark_read()
    for message in chat.messages.list(limit=10, sort="asc"):
        print(message.direction, message.text, [reaction.reaction for reaction in message.reactions or []])
    print("latest chats:", [each.id for each in client.chats.list(limit=5)])
