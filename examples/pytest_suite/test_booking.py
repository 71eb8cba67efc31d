"""Tests without mocks: pip install "blooio-client[sandbox]" pytest, then run pytest in this folder.

The fixtures `blooio` (a client) and `blooio_sandbox` (the local Blooio that it talks to) come with the package.
"""

from booking import confirm

from blooio_client import Blooio
from blooio_sandbox import Sandbox

GUEST = "+15551234567"


def test_the_guest_is_notified(blooio: Blooio, blooio_sandbox: Sandbox) -> None:
    """A confirmation reaches the guest's phone."""
    assert confirm(blooio, 4711, GUEST)

    assert [message.text for message in blooio_sandbox.phone(GUEST).messages] == ["Booking 4711 is confirmed."]


def test_the_guest_is_notified_once(blooio: Blooio, blooio_sandbox: Sandbox) -> None:
    """Lost responses and repeated jobs send no second message."""
    blooio_sandbox.fail_next(503, times=2, retry_after=0)
    confirm(blooio, 4711, GUEST)
    confirm(blooio, 4711, GUEST)

    blooio_sandbox.assert_no_duplicates()
    assert len(blooio_sandbox.messages) == 1


def test_a_limit_is_not_a_crash(blooio: Blooio, blooio_sandbox: Sandbox) -> None:
    """If the plan's limit is reached, the function returns False."""
    blooio_sandbox.fail_next(429, code="new_conversation_limit_reached")

    assert not confirm(blooio, 4711, GUEST)
