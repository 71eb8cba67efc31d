"""The hand-written layer over the generated package; import it as `blooio_client`.

Names are imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blooio_client.types import Call as Call
    from blooio_client.types import Secret as Secret

    from ._async.client import AsyncBlooio as AsyncBlooio
    from ._async.conversation import AsyncConversation as AsyncConversation
    from ._async.pager import AsyncPager as AsyncPager
    from ._sync.client import Blooio as Blooio
    from ._sync.conversation import Conversation as Conversation
    from ._sync.pager import Pager as Pager
    from ._version import __version__ as __version__
    from .chat_ids import ChatId as ChatId
    from .errors import APIError as APIError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import BadRequestError as BadRequestError
    from .errors import BlooioError as BlooioError
    from .errors import ClientStateError as ClientStateError
    from .errors import ComingSoonError as ComingSoonError
    from .errors import ConflictError as ConflictError
    from .errors import ConnectionFailedError as ConnectionFailedError
    from .errors import DeadlineExceededError as DeadlineExceededError
    from .errors import DeviceUnreachableError as DeviceUnreachableError
    from .errors import InvalidArgumentError as InvalidArgumentError
    from .errors import MessageFailedError as MessageFailedError
    from .errors import NoActiveNumberError as NoActiveNumberError
    from .errors import NotFoundError as NotFoundError
    from .errors import PaymentRequiredError as PaymentRequiredError
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import QuotaExceededError as QuotaExceededError
    from .errors import RateLimitError as RateLimitError
    from .errors import RedirectError as RedirectError
    from .errors import ServerError as ServerError
    from .errors import SignatureMalformedError as SignatureMalformedError
    from .errors import SignatureMismatchError as SignatureMismatchError
    from .errors import SignatureMissingError as SignatureMissingError
    from .errors import TimestampOutsideToleranceError as TimestampOutsideToleranceError
    from .errors import UnexpectedResponseError as UnexpectedResponseError
    from .errors import WebhookVerificationError as WebhookVerificationError
    from .idempotency import idempotency_key_for as idempotency_key_for
    from .pagination import Page as Page
    from .reactions import Tapback as Tapback
    from .results import CreatedWebhook as CreatedWebhook
    from .results import Location as Location
    from .results import RawResponse as RawResponse
    from .results import Reachability as Reachability
    from .results import SentMessage as SentMessage

__all__ = [
    "APIError",
    "AsyncBlooio",
    "AsyncConversation",
    "AsyncPager",
    "AuthenticationError",
    "BadRequestError",
    "Blooio",
    "BlooioError",
    "Call",
    "ChatId",
    "ClientStateError",
    "ComingSoonError",
    "ConflictError",
    "ConnectionFailedError",
    "Conversation",
    "CreatedWebhook",
    "DeadlineExceededError",
    "DeviceUnreachableError",
    "InvalidArgumentError",
    "Location",
    "MessageFailedError",
    "NoActiveNumberError",
    "NotFoundError",
    "Page",
    "Pager",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "QuotaExceededError",
    "RateLimitError",
    "RawResponse",
    "Reachability",
    "RedirectError",
    "Secret",
    "SentMessage",
    "ServerError",
    "SignatureMalformedError",
    "SignatureMismatchError",
    "SignatureMissingError",
    "Tapback",
    "TimestampOutsideToleranceError",
    "UnexpectedResponseError",
    "WebhookVerificationError",
    "idempotency_key_for",
]

_HOME = {
    "AsyncBlooio": "._async.client",
    "AsyncConversation": "._async.conversation",
    "AsyncPager": "._async.pager",
    "Blooio": "._sync.client",
    "Call": "blooio_client.types",
    "ChatId": ".chat_ids",
    "Conversation": "._sync.conversation",
    "CreatedWebhook": ".results",
    "Location": ".results",
    "Page": ".pagination",
    "Pager": "._sync.pager",
    "RawResponse": ".results",
    "Reachability": ".results",
    "Secret": "blooio_client.types",
    "SentMessage": ".results",
    "Tapback": ".reactions",
    "__version__": "._version",
    "idempotency_key_for": ".idempotency",
}

if not TYPE_CHECKING:  # pragma: no branch - so that type checkers report unknown names

    def __getattr__(name: str) -> Any:
        """Import a name on first use."""
        if name not in _HOME and name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_HOME.get(name, ".errors"), __name__), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted([*__all__, "__version__"])
