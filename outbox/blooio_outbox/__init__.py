"""A durable outbox that sends each message once, even across crashes; import it as `blooio_client.outbox`.

outbox = Outbox("sqlite:///outbox.db")
outbox.add("+15551234567", "See you at seven!", key="reminder:4711")
outbox.run(client)
"""

from importlib import import_module

from .errors import (
    MissingExtraError,
    OutboxConflictError,
    OutboxError,
    OutboxRowError,
    OutboxStoppedError,
    OutboxVersionError,
)

try:
    for _needed in ("phonenumbers", "sqlalchemy"):
        import_module(_needed)
except ModuleNotFoundError as _missing:  # pragma: no cover - tested in a subprocess
    raise MissingExtraError(f'the outbox needs {_missing.name}: pip install "blooio-client[outbox]"') from _missing

from .ledger.add import Added
from .ledger.claim import Planned
from .ledger.queries import NumberStatus, OptOut, Outcome, Preview, Progress
from .outbox import Outbox
from .settings import Delivery, Outgoing

__all__ = [
    "Added",
    "Delivery",
    "MissingExtraError",
    "NumberStatus",
    "OptOut",
    "Outbox",
    "OutboxConflictError",
    "OutboxError",
    "OutboxRowError",
    "OutboxStoppedError",
    "OutboxVersionError",
    "Outcome",
    "Outgoing",
    "Planned",
    "Preview",
    "Progress",
]

for _name in __all__:  # so that tracebacks and help say `blooio_client.outbox.Outbox`
    globals()[_name].__module__ = "blooio_client.outbox"
