"""Applications that gunicorn and uvicorn import, with hooks and middleware that read the body first.

The header `Hook` of a request says what they do with its body: `kept` or `lost`. The environment sets the file that
handlers write to (`JOURNAL`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from blooio_client import webhooks

SECRET = "whsec_apps"


def _receiver() -> webhooks.Receiver:
    receiver = webhooks.Receiver(secret=SECRET)

    @receiver.on(webhooks.MessageReceived)
    def write_down(event: webhooks.MessageReceived) -> None:
        with Path(os.environ["JOURNAL"]).open("a", encoding="utf-8") as file:
            file.write(f"{event.text}\n")

    return receiver


def flask() -> Any:
    """Return a Flask application."""
    from flask import Flask, request

    app = Flask(__name__)

    @app.before_request
    def before() -> None:
        hook = request.headers.get("Hook")
        if hook == "kept":
            request.get_data()
        elif hook == "lost":
            request.get_data(cache=False)

    app.add_url_rule("/blooio", view_func=webhooks.flask(_receiver()))
    return app


def django() -> Any:
    """Return a Django application."""
    import django
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest
    from django.urls import path

    def middleware(respond: Any) -> Any:
        def call(request: HttpRequest) -> Any:
            hook = request.headers.get("Hook")
            if hook == "kept":
                _ = request.body
            elif hook == "lost":
                request.read()
            return respond(request)

        return call

    globals()["middleware"] = middleware
    globals()["urlpatterns"] = [path("blooio", webhooks.django(_receiver()))]
    settings.configure(
        SECRET_KEY="x", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[f"{__name__}.middleware"]
    )
    django.setup()
    return get_wsgi_application()


def starlette() -> Any:
    """Return a Starlette application."""
    from collections.abc import AsyncGenerator
    from contextlib import asynccontextmanager

    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.base import BaseHTTPMiddleware
    from starlette.routing import Route

    receiver = _receiver()

    class Before(BaseHTTPMiddleware):
        async def dispatch(self, request: Any, call_next: Any) -> Any:
            hook = request.headers.get("Hook")
            if hook == "kept":
                await request.body()
            elif hook == "lost":
                async for _ in request.stream():
                    pass
            return await call_next(request)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with receiver.running():
            yield

    route = Route("/blooio", webhooks.asgi(receiver), methods=["POST"])
    return Starlette(routes=[route], middleware=[Middleware(Before)], lifespan=lifespan)


def aiohttp(*, enters_context: bool = True) -> Any:
    """Return an aiohttp application."""
    from collections.abc import AsyncGenerator

    from aiohttp import web

    receiver = _receiver()

    @web.middleware
    async def before(request: web.Request, handler: Any) -> Any:
        hook = request.headers.get("Hook")
        if hook == "kept":
            await request.read()
        elif hook == "lost":
            await request.content.read()
        return await handler(request)

    async def running(_: web.Application) -> AsyncGenerator[None]:
        async with receiver.running():
            yield

    app = web.Application(middlewares=[before])
    app.router.add_post("/blooio", webhooks.aiohttp(receiver))
    if enters_context:
        app.cleanup_ctx.append(running)
    return app


def main(framework: str, descriptor: str) -> None:
    """Serve an application on an open socket."""
    import socket

    listener = socket.socket(fileno=int(descriptor))
    if framework != "starlette":
        from aiohttp import web

        web.run_app(aiohttp(enters_context=framework == "aiohttp"), sock=listener, print=None)
        return
    import uvicorn

    uvicorn.Server(uvicorn.Config(starlette(), log_level="error", lifespan="on")).run(sockets=[listener])


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
