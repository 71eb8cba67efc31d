# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Usage(Model):
    """Usage statistics (only for api_key auth)"""

    inbound_messages: int | None = None
    """The number of messages received"""
    outbound_messages: int | None = None
    """The number of messages sent"""
    last_message_sent: datetime.datetime | None = None
    """When the number last sent a message"""
