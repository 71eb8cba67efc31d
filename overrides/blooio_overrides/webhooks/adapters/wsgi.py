"""A receiver as a view of Flask or of Django."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

from ..failures import log_incomplete_body
from ..receiver import ACCEPTED, MALFORMED, TOO_LARGE, UNAVAILABLE, Receiver
from ..signatures import MAX_BODY
from ..work import Delivery

ALLOW: Final = {"Allow": "POST"}
logger: logging.Logger = logging.getLogger("blooio_client")


def flask(receiver: Receiver) -> Callable[[], Any]:
    """Return a Flask view for a receiver: `app.add_url_rule("/blooio", view_func=webhooks.flask(receiver))`.

    Events are handled in threads of the process; see `Receiver.start`. A hook that reads the body must do so with
    `request.get_data()`, which keeps it.

    Args:
        receiver: The receiver to pass deliveries to.

    Raises:
        ImportError: Flask is not installed.
    """
    request: Any = import_module("flask").request

    def blooio_webhook() -> tuple[str, int, dict[str, str]]:
        try:
            # If the stream is empty, a hook has read it, and Flask may have cached its content.
            body = _bounded(request.stream) or bytes(request.get_data()) if request.method == "POST" else b""
        except OSError:
            log_incomplete_body()
            return "", MALFORMED, ALLOW
        return "", _status(receiver, Delivery(request.method, request.headers, body)), ALLOW

    blooio_webhook.methods = ["POST"]  # type: ignore[attr-defined]
    return blooio_webhook


def django(receiver: Receiver) -> Callable[[Any], Any]:
    """Return a Django view for a receiver: `path("blooio", webhooks.django(receiver))`.

    It is exempt from CSRF protection, which the signature replaces. Events are handled in threads of the process; see
    `Receiver.start`. After each event, its thread closes old and broken database connections, as Django does after each
    request; in async handlers, call `await sync_to_async(close_old_connections)()` yourself.

    Args:
        receiver: The receiver to pass deliveries to.

    Raises:
        ImportError: Django is not installed.
    """
    http: Any = import_module("django.http")
    csrf: Any = import_module("django.views.decorators.csrf")
    already_read: Any = http.RawPostDataException
    close_old_connections: Any = import_module("django.db").close_old_connections

    def after_event() -> None:
        with suppress(Exception):  # a connection that cannot be closed is broken anyway
            close_old_connections()

    receiver.work.after_event = after_event

    def blooio_webhook(request: Any) -> Any:
        try:
            status = _django_status(receiver, request)
        except already_read:
            logger.error(  # noqa: TRY400 - the traceback shows nothing more
                "a webhook delivery was rejected: middleware has read its body with request.read();"
                " use request.body there, which Django keeps"
            )
            status = UNAVAILABLE
        return http.HttpResponse(status=status, headers=ALLOW)

    view: Callable[[Any], Any] = csrf.csrf_exempt(blooio_webhook)
    return view


def _django_status(receiver: Receiver, request: Any) -> int:
    length = str(request.META.get("CONTENT_LENGTH"))
    if length.isdecimal() and int(length) > MAX_BODY:
        return TOO_LARGE
    try:
        body = _django_body(request) if request.method == "POST" else b""
    except OSError:
        log_incomplete_body()
        return MALFORMED
    return _status(receiver, Delivery(request.method, request.headers, body))


def _django_body(request: Any) -> bytes:
    # Django treats a body without a length as empty; servers that know where it ends set this key.
    is_chunked = not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated")
    return bytes(request.body) or (_bounded(request.META["wsgi.input"]) if is_chunked else b"")


def _bounded(stream: Any) -> bytes:
    """Read a body, up to the size limit."""
    body = bytearray()
    while len(body) <= MAX_BODY and (chunk := stream.read(MAX_BODY)):
        body += chunk
    return bytes(body)


def _status(receiver: Receiver, delivery: Delivery) -> int:
    status = receiver.receive(delivery)
    if status == ACCEPTED:
        receiver.start()
    return status
