"""Which function answers which operation of the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from blooio_sandbox import (
    chats,
    contacts,
    groups,
    identity,
    locations,
    messages,
    pictures,
    polls,
    presence,
    reactions,
    sending,
    webhook_logs,
    webhooks,
)
from blooio_sandbox.answers import Answer, ApiRequest, Refusal, coming_soon
from blooio_sandbox.state import State

Handler = Callable[[ApiRequest, State], Answer]

# Answered where deliveries are made, since its answer waits for one.
REPLAY = "replayWebhookEvent"

_MODULES: tuple[Mapping[str, Handler], ...] = (
    chats.HANDLERS,
    contacts.HANDLERS,
    groups.HANDLERS,
    identity.HANDLERS,
    locations.HANDLERS,
    messages.HANDLERS,
    pictures.HANDLERS,
    polls.HANDLERS,
    presence.HANDLERS,
    reactions.HANDLERS,
    sending.HANDLERS,
    webhook_logs.HANDLERS,
    webhooks.HANDLERS,
    {"callFaceTime": coming_soon},
)
HANDLERS: Mapping[str, Handler] = {name: handler for module in _MODULES for name, handler in module.items()}


def handle(request: ApiRequest, state: State) -> Answer:
    """Answer a request, and keep what it changes.

    Raises:
        Refusal: The answer is a no, and nothing has changed.
    """
    with state.transaction():
        return HANDLERS.get(request.operation, _not_in_sandbox)(request, state)


def _not_in_sandbox(request: ApiRequest, _state: State) -> Answer:
    message = f"The sandbox does not answer {request.operation}; the real service does"
    raise Refusal(501, message, "not_in_sandbox", error="Not in this sandbox")
