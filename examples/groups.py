"""Create a group, send a message to it, and manage it."""

from blooio_client import Blooio, ComingSoonError

with Blooio() as client:
    group = client.groups.create("Book club", members=["+15551234567", "ann@example.com"])
    client.chat(group).send("Next Thursday at seven?")
    client.groups.update(group, name="Book club, Thursdays")
    print("members:", [member.identifier for member in client.groups.members.list(group)])
    try:
        client.groups.members.add(group, "+15557654321")
    except ComingSoonError as error:
        print(error)
    print("groups:", [each.name for each in client.groups.list()])
    client.groups.delete(group)
