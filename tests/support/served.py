"""Serve with the servers of the standard library, and those derived from them."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from socketserver import BaseServer


@contextmanager
def served(server: BaseServer) -> Generator[None]:
    """Serve in a thread, and close the server at the end of the block."""
    # By default, such a server notices only twice a second that it should stop.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
