"""A receiver as a view of Flask or of Django; neither is needed before its view is made."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from .receiver import Receiver
from .receiving import ACCEPTED, MALFORMED, TOO_LARGE, Delivery
from .signatures import LARGEST_BODY

ALLOW: Final = {"Allow": "POST"}


def flask(receiver: Receiver) -> Callable[[], Any]:
    """Make a view for Flask of a receiver: `app.add_url_rule("/blooio", view_func=webhooks.flask(receiver))`.

    Events are handled in a thread of the process; see `Receiver.start`.

    Args:
        receiver: What the deliveries are for.

    Raises:
        ImportError: Flask is not installed.
    """
    request: Any = import_module("flask").request

    def blooio_webhook() -> tuple[str, int, dict[str, str]]:
        body = _bounded(request) if request.method == "POST" else b""
        return "", _status(receiver, Delivery(request.method, request.headers, body)), ALLOW

    blooio_webhook.methods = ["POST"]  # type: ignore[attr-defined]
    return blooio_webhook


def _bounded(request: Any) -> bytes:
    """Read a body, but no more than shows that it is too large."""
    if request.content_length is not None and request.content_length <= LARGEST_BODY:
        return bytes(request.get_data())  # which middleware may have read before
    body = bytearray()
    while len(body) <= LARGEST_BODY and (chunk := request.stream.read(LARGEST_BODY)):
        body += chunk
    return bytes(body)


def django(receiver: Receiver) -> Callable[[Any], Any]:
    """Make a view for Django of a receiver: `path("blooio", webhooks.django(receiver))`.

    It is exempt from CSRF protection, which a signature replaces. Events are handled in a thread of the process; see
    `Receiver.start`.

    Args:
        receiver: What the deliveries are for.

    Raises:
        ImportError: Django is not installed.
    """
    http: Any = import_module("django.http")
    csrf: Any = import_module("django.views.decorators.csrf")

    def blooio_webhook(request: Any) -> Any:
        return http.HttpResponse(status=_django_status(receiver, request), headers=ALLOW)

    view: Callable[[Any], Any] = csrf.csrf_exempt(blooio_webhook)
    return view


def _django_status(receiver: Receiver, request: Any) -> int:
    length = str(request.META.get("CONTENT_LENGTH"))
    if length.isdecimal() and int(length) > LARGEST_BODY:
        return TOO_LARGE
    try:
        body = request.body if request.method == "POST" else b""
    except OSError:  # whoever sends it has gone
        return MALFORMED
    return _status(receiver, Delivery(request.method, request.headers, body))


def _status(receiver: Receiver, delivery: Delivery) -> int:
    status = receiver.receive(delivery)
    if status == ACCEPTED:
        receiver.start()
    return status
