# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Organization(Model):
    """The `organization` of Me."""

    organization_id: str | None = None
    """The organization's id"""
    name: str | None = None
    """The name, if there is one"""
    country_code: str | None = None
    """The country, as two letters"""
    created_at: datetime.datetime | None = None
    """When it was created"""
