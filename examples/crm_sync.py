"""Synchronize contacts and conversations with a CRM. Run it as often as you like.

Here the CRM is a SQLite file with two tables: people(phone, name, segment) and notes(message_id, phone, time, text).
"""

import datetime
import sqlite3

from blooio_client import Blooio, ConflictError, NotFoundError

SAMPLE = [("+15551234567", "Ann Example", "vip"), ("+15557654321", "Ben Example", "trial")]


def push(client: Blooio, crm: sqlite3.Connection) -> int:
    """Create or update each person as a contact, tagged with the segment."""
    people = crm.execute("SELECT phone, name, segment FROM people").fetchall()
    for phone, name, segment in people:
        try:
            client.contacts.create(phone, name=name)
        except ConflictError:  # known from an earlier run
            client.contacts.update(phone, name=name)
        client.contacts.tags.add(phone, segment)  # existing tags stay
    return len(people)


def pull(client: Blooio, crm: sqlite3.Connection) -> int:
    """Store each new message of these people, and return how many there were."""
    before = crm.total_changes
    for (phone,) in crm.execute("SELECT phone FROM people").fetchall():
        newest = crm.execute("SELECT max(time) FROM notes WHERE phone = ?", (phone,)).fetchone()[0]
        since = newest and datetime.datetime.fromisoformat(newest) - datetime.timedelta(minutes=5)
        try:
            for message in client.chat(phone).messages.list(direction="inbound", since=since):
                time = message.time_sent and message.time_sent.isoformat()
                note = (message.message_id, phone, time, message.text)
                crm.execute("INSERT OR IGNORE INTO notes VALUES (?, ?, ?, ?)", note)
        except NotFoundError:  # there is no conversation yet
            continue
    return crm.total_changes - before


def main() -> None:
    """Synchronize once."""
    crm = sqlite3.connect("crm.db")
    crm.execute("CREATE TABLE IF NOT EXISTS people (phone PRIMARY KEY, name, segment)")
    crm.execute("CREATE TABLE IF NOT EXISTS notes (message_id PRIMARY KEY, phone, time, text)")
    crm.executemany("INSERT OR IGNORE INTO people VALUES (?, ?, ?)", SAMPLE)
    with Blooio() as client, crm:
        print(push(client, crm), "contacts,", pull(client, crm), "new messages")
    crm.close()


if __name__ == "__main__":
    main()
