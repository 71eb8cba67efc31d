"""What connections do that no server can bring about at will."""

from __future__ import annotations

import socket

import httpcore
import pytest

from blooio_overrides._call.retries import Deadline
from blooio_overrides._io import asynchronous_network
from blooio_overrides._io import synchronous_network as blocking_network
from blooio_overrides._io.limits import Limits


def test_nothing_is_begun_when_no_time_is_left() -> None:
    """A read that would begin after the deadline raises at once, instead of asking the socket for no time at all."""
    limits = Limits({}, Deadline(1.0, 0), ends_at=0.0)
    stream = blocking_network.Stream(httpcore.NetworkStream())
    token = blocking_network.attempt_limits.set(limits)
    try:
        with pytest.raises(httpcore.ReadTimeout):
            stream.read(1)
        with pytest.raises(httpcore.WriteTimeout):
            stream.write(b"x")
    finally:
        blocking_network.attempt_limits.reset(token)


class Ended(httpcore.AsyncNetworkStream):
    """A connection of which the event loop has closed the socket."""

    def get_extra_info(self, info: str) -> socket.socket:
        """Return a socket that is closed."""
        assert info == "socket"
        closed = socket.socket()
        closed.close()
        return closed


def test_a_closed_connection_is_not_used_again() -> None:
    """A connection whose socket is closed counts as one on which something came, so that the pool drops it."""
    assert asynchronous_network.Stream(Ended()).get_extra_info("is_readable") is True
