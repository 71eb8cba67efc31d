# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Organization(Model):
    """The `organization` of Me."""

    organization_id: str | None = None
    name: str | None = None
    country_code: str | None = None
    created_at: datetime.datetime | None = None
