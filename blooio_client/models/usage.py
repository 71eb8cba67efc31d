# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Moment,
)


@define(kw_only=True, eq=False, repr=False)
class Usage(Model):
    """Usage statistics (only for api_key auth)"""

    _codecs: ClassVar[dict[str, Codec]] = {"last_message_sent": Moment("milliseconds")}

    inbound_messages: int | None = None
    outbound_messages: int | None = None
    last_message_sent: datetime.datetime | None = None
