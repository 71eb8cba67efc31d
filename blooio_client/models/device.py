# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..models.plan_kind import PlanKind
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Device(Model):
    """The `devices` of Me."""

    phone_number: str | None = None
    """Phone number assigned to this device (E.164 format)"""
    is_active: bool | None = None
    """Whether it can send and receive now"""
    last_active: datetime.datetime | None = None
    """When it was last active"""
    plan_kind: PlanKind | None = None
    """The plan of the number; an inbound number can only write to people who wrote to it first"""
