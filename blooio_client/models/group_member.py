# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class GroupMember(Model):
    """A person in a group"""

    _identity: ClassVar[str | None] = "identifier"

    identifier: str
    """The phone number or email address"""
    id: str | None = None
    """Contact identifier (phone or email)"""
    contact_id: str | None = None
    """The contact's id"""
    name: str | None = None
    """The name, if there is one"""
    added_at: datetime.datetime | None = None
    """When this person was added"""
