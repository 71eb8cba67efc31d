# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define, field as described

from ..models.plan_kind import PlanKind
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PhoneNumber(Model):
    """The `numbers` of PhoneNumberList."""

    _identity: ClassVar[str | None] = "phone_number"

    phone_number: str
    """The phone number in E.164 format"""
    is_active: bool | None = None
    """Whether it can send and receive now"""
    last_active: datetime.datetime | None = described(default=None, metadata={"iso8601": True})
    """When it was last active"""
    plan_kind: PlanKind | None = None
    """The plan of the number; an inbound number can only write to people who wrote to it first"""
