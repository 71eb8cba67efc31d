# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Pagination(Model):
    """The `pagination` of ChatList."""

    limit: int | None = None
    """The most items on a page"""
    offset: int | None = None
    """The number of items before this page"""
    total: int | None = None
    """The total number of items"""
    returned: int | None = None
    """Number of logs returned in this response"""
    has_more: bool | None = None
    """Whether there are more logs to fetch"""
