"""Which function responses which operation of the document."""

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

# Answered where deliveries are made, since its answer waits for one.
REPLAY: str = "replayWebhookEvent"

# Announced by Blooio, and not switched on there.
COMING_SOON: frozenset[str] = frozenset({"callFaceTime", "getMyContactCard", "addGroupMember", "removeGroupMember"})

# What a plan may not include, and what the document says then.
OF_SOME_PLANS: Mapping[str, str] = {
    "lookupPhoneNumber": "Enterprise plan required. Upgrade to Dedicated Enterprise to access this endpoint.",
    "lookupPhoneNumberPost": "Enterprise plan required",
    "batchLookupPhoneNumbers": "Enterprise plan required",
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
    """Handle a request, and keep what it changes.

    Raises:
        ApiError: The answer is a no, and nothing has changed.
        OutdatedError: The state was reset since it had this `generation`.
    """
    if request.operation in COMING_SOON - state.account.enabled:
        raise ApiError(501, "This endpoint is temporarily disabled", error="Coming soon")
    if request.operation in state.account.disabled:
        raise ApiError(403, OF_SOME_PLANS[request.operation])
    with state.locked(generation) if request.is_reading else state.transaction(generation):
        return HANDLERS[request.operation](request, state)


def check_enabled(operations: Iterable[str]) -> frozenset[str]:
    """Return announced operations that are to be switched on.

    Raises:
        ValueError: One of them is not among the announced ones.
    """
    return _check_among(operations, COMING_SOON, "enabled")


def check_disabled(operations: Iterable[str]) -> frozenset[str]:
    """Return operations that the account's plan is not to include.

    Raises:
        ValueError: One of them is not among those that some plans do not include.
    """
    return _check_among(operations, OF_SOME_PLANS, "disabled")


def _check_among(operations: Iterable[str], known: Iterable[str], what: str) -> frozenset[str]:
    given = frozenset(operations)
    unknown = given.difference(known)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: only {', '.join(sorted(known))} can be {what}")
    return given
