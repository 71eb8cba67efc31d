"""Which function answers which operation of the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blooio_sandbox import (
    cancelling,
    chats,
    contacts,
    facetime,
    groups,
    identity,
    locations,
    lookups,
    members,
    messages,
    pictures,
    polls,
    presence,
    reactions,
    sending,
    webhook_logs,
    webhooks,
)
from blooio_sandbox.answers import Answer, ApiRequest, Handler, Refusal
from blooio_sandbox.state import State

# Answered where deliveries are made, since its answer waits for one.
REPLAY: str = "replayWebhookEvent"

# Announced by Blooio, and not switched on there.
COMING_SOON: frozenset[str] = frozenset({"callFaceTime", "getMyContactCard", "addGroupMember", "removeGroupMember"})

_MODULES: tuple[Mapping[str, Handler], ...] = (
    cancelling.HANDLERS,
    chats.HANDLERS,
    contacts.HANDLERS,
    facetime.HANDLERS,
    groups.HANDLERS,
    identity.HANDLERS,
    locations.HANDLERS,
    lookups.HANDLERS,
    members.HANDLERS,
    messages.HANDLERS,
    pictures.HANDLERS,
    polls.HANDLERS,
    presence.HANDLERS,
    reactions.HANDLERS,
    sending.HANDLERS,
    webhook_logs.HANDLERS,
    webhooks.HANDLERS,
)
HANDLERS: Mapping[str, Handler] = {name: handler for module in _MODULES for name, handler in module.items()}


def handle(request: ApiRequest, state: State, life: int | None = None) -> Answer:
    """Answer a request, and keep what it changes.

    Raises:
        Refusal: The answer is a no, and nothing has changed.
        OutdatedError: The state was reset since it had this `life`.
    """
    if request.operation in COMING_SOON - state.account.enabled:
        raise Refusal(501, "This endpoint is temporarily disabled", error="Coming soon")
    with state.alone(life) if request.is_reading else state.transaction(life):
        return HANDLERS[request.operation](request, state)


def check_enabled(operations: Iterable[str]) -> frozenset[str]:
    """Return announced operations that are to be switched on.

    Raises:
        ValueError: One of them is not among the announced ones.
    """
    unknown = frozenset(operations) - COMING_SOON
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: only {', '.join(sorted(COMING_SOON))} can be enabled")
    return frozenset(operations)
