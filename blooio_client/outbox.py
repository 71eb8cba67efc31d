# Generated from openapi/ by `make generate`. Do not edit.
"""The outbox sends each message once, even across crashes. Needs an extra: `pip install "blooio-client[outbox]"`.

Every name is imported when it is first asked for, so that importing this module needs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blooio_outbox import *
else:

    def __getattr__(name):
        return getattr(import_module("blooio_outbox"), name)

    def __dir__():
        return sorted(import_module("blooio_outbox").__all__)
