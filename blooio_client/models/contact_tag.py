# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ContactTag(Model):
    """The `tags` of ContactTagList."""

    _identity: ClassVar[str | None] = "tag"

    tag: str
    """The tag value"""
    created_at: datetime.datetime | None = None
    """Timestamp when the tag was added (ms since epoch)"""
