# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..models.contact_type import ContactType
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Contact(Model):
    """A person in your contacts: a phone number or an email address, with a name"""

    _identity: ClassVar[str | None] = "identifier"

    identifier: str
    """Phone number (E.164) or email"""
    id: str | None = None
    """Contact identifier (phone or email)"""
    contact_id: str | None = None
    """Internal contact ID"""
    name: str | None = None
    """The name, if there is one"""
    type: ContactType | None = None
    """The kind, such as `phone` or `email`"""
    created_at: datetime.datetime | None = None
    """When it was created"""
    last_message_time: datetime.datetime | None = None
    """When the newest message was sent"""
    tags: list[str] | None = None
    """The tags"""
