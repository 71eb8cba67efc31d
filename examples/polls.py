"""Send a poll, and count the votes."""

from blooio_client import Blooio

with Blooio() as client:
    chat = client.chat("+15551234567")
    poll = chat.polls.send(["Pizza", "Sushi", "Tacos"], title="Lunch?")
    for option in chat.polls.results(poll).options:
        print(f"{option.text:<8} {'█' * option.votes}{option.votes}")
