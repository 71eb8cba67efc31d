"""The code under test: a booking service that sends messages to its guests."""

from blooio_client import Blooio, QuotaExceededError, idempotency_key_for


def confirm(client: Blooio, booking: int, phone: str) -> bool:
    """Confirm a booking once; return whether the guest was notified."""
    key = idempotency_key_for("confirmation", booking)
    try:
        client.chat(phone).send(f"Booking {booking} is confirmed.", idempotency_key=key)
    except QuotaExceededError:
        return False
    return True
