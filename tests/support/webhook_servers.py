"""The servers that run aiohttp, FastAPI, Flask and Django, on an open socket, in a thread."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import uvicorn
from served import served
from werkzeug.serving import make_server


@contextmanager
def listening() -> Generator[socket.socket]:
    """Yield a socket that listens on a free port of loopback; clients wait until a server accepts them."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


def url_of(listener: socket.socket, path: str = "/blooio") -> str:
    """Return the URL of a socket."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}{path}"


@contextmanager
def by_uvicorn(app: Any, listener: socket.socket) -> Generator[None]:
    """Serve an ASGI application, including its lifespan."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def by_aiohttp(app: Any, listener: socket.socket) -> Generator[None]:
    """Serve an aiohttp application, including its cleanup contexts."""
    from aiohttp import web

    started = threading.Event()
    loop = asyncio.new_event_loop()
    ends = asyncio.Event()

    async def serve() -> None:
        runner = web.AppRunner(app)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        started.set()
        await ends.wait()
        await runner.cleanup()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    started.wait()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(ends.set)
        thread.join()


@contextmanager
def by_werkzeug(app: Any, listener: socket.socket) -> Generator[None]:
    """Serve a WSGI application like `flask run`."""
    server = make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno())
    with served(server):
        yield


@contextmanager
def by_django(app: Any, listener: socket.socket) -> Generator[None]:
    """Serve a WSGI application like `manage.py runserver`, one request after the other."""
    basehttp: Any = import_module("django.core.servers.basehttp")
    server = basehttp.WSGIServer(("127.0.0.1", 0), basehttp.WSGIRequestHandler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener.dup()
    server.server_name, server.server_port = listener.getsockname()
    server.setup_environ()
    server.set_app(app)
    with served(server):
        yield
