# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ErrorBody(Model):
    """The body of an error response"""

    error: str | None = None
    """The class of the error, usually "ApiError" """
    status: int | None = None
    """HTTP status code"""
    message: str | None = None
    """What went wrong, in words"""
    code: str | None = None
    """What went wrong, for programs: switch on this, not on the message"""
