"""Manage contacts and their tags."""

from blooio_client import Blooio, ConflictError

with Blooio() as client:
    try:
        ann = client.contacts.create("+15551234567", name="Ann")
    except ConflictError:  # the contact exists
        ann = client.contacts.get("+15551234567")
    client.contacts.update(ann, name="Ann Example")
    client.contacts.tags.add(ann, ["vip", "early"])
    client.contacts.tags.remove(ann, "early")
    print("tags:", [tag.tag for tag in client.contacts.tags.list(ann)])
    print("reachable by iMessage:", client.contacts.capabilities(ann).imessage)
    print("contacts:", [contact.identifier for contact in client.contacts.list(q="Ann")])
    client.contacts.delete(ann)
