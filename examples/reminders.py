"""Send hundreds of reminders from a CSV file, each once, even if this process is killed.

    pip install "blooio-client[outbox]"
    python reminders.py appointments.csv          # columns: phone, name, time. Run it again after any crash

PER_MINUTE sets the messages per minute of your number; QUIET=no sends at night, too.
"""

import csv
import os
import sys

from blooio_client import Blooio
from blooio_client.outbox import Outbox


def main(path: str) -> None:
    """Add each new row, and send due messages."""
    outbox = Outbox(
        "sqlite:///reminders.db",
        per_minute=float(os.environ.get("PER_MINUTE", "10")),
        quiet_hours=None if os.environ.get("QUIET") == "no" else ("21:00", "08:00"),
    )
    with open(path, newline="", encoding="utf-8") as file:
        rows = (
            {
                "key": f"appointment:{row['phone']}:{row['time']}",
                "to": row["phone"],
                "text": f"Hi {row['name']}, see you at {row['time']}! Reply STOP to opt out.",
            }
            for row in csv.DictReader(file)
        )
        added = outbox.add_many(rows, on_error="collect")
    for error in added.bad:
        print(error, file=sys.stderr)

    with Blooio() as client:
        outbox.run(client, until_empty=True)
    print(outbox.progress())
    outbox.close()


if __name__ == "__main__":
    main(sys.argv[1])
