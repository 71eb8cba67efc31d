"""The handler of each operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blooio_sandbox.api import (
    account,
    chats,
    contacts,
    groups,
    locations,
    lookups,
    messages,
    pictures,
    polls,
    sending,
    webhooks,
)
from blooio_sandbox.responses import ApiError, ApiRequest, Handler, Response
from blooio_sandbox.state.database import State

# Handled by the application, since it waits for a delivery.
REPLAY: str = "replayWebhookEvent"

# Announced by Blooio, which still returns 501.
COMING_SOON: frozenset[str] = frozenset({"callFaceTime", "getMyContactCard", "addGroupMember", "removeGroupMember"})

# Operations that a plan may not include, and the documented message. createWebhook checks by itself.
OF_SOME_PLANS: Mapping[str, str] = {
    "lookupPhoneNumber": "Enterprise plan required. Upgrade to Dedicated Enterprise to access this endpoint.",
    "lookupPhoneNumberPost": "Enterprise plan required",
    "batchLookupPhoneNumbers": "Enterprise plan required",
    "createWebhook": "",
}

_MODULES: tuple[Mapping[str, Handler], ...] = (
    account.HANDLERS,
    chats.HANDLERS,
    contacts.HANDLERS,
    groups.HANDLERS,
    locations.HANDLERS,
    lookups.HANDLERS,
    messages.HANDLERS,
    pictures.HANDLERS,
    polls.HANDLERS,
    sending.HANDLERS,
    webhooks.HANDLERS,
)
HANDLERS: Mapping[str, Handler] = {name: handler for module in _MODULES for name, handler in module.items()}


def handle(request: ApiRequest, state: State, generation: int | None = None) -> Response:
    """Handle a request in a transaction.

    Raises:
        ApiError: The request failed; nothing has changed.
        OutdatedError: The state was reset after this generation.
    """
    if request.operation in COMING_SOON - state.account.enabled:
        raise ApiError(501, "This endpoint is temporarily disabled", error="Coming soon")
    if request.operation in state.account.disabled and request.operation != "createWebhook":
        raise ApiError(403, OF_SOME_PLANS[request.operation])
    with state.locked(generation) if request.is_reading else state.transaction(generation):
        return HANDLERS[request.operation](request, state)


def check_enabled(operations: Iterable[str]) -> frozenset[str]:
    """Check the names of operations to enable.

    Raises:
        ValueError: A name is not an announced operation.
    """
    return _check_among(operations, COMING_SOON, "enabled")


def check_disabled(operations: Iterable[str]) -> frozenset[str]:
    """Check the names of operations to disable.

    Raises:
        ValueError: A name is not an operation that can be disabled.
    """
    return _check_among(operations, OF_SOME_PLANS, "disabled")


def _check_among(operations: Iterable[str], known: Iterable[str], what: str) -> frozenset[str]:
    given = frozenset(operations)
    unknown = given.difference(known)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: only {', '.join(sorted(known))} can be {what}")
    return given
