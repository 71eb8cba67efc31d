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
    """The error message, for people"""
    code: str | None = None
    """The machine-readable error code: check this, not the message"""
