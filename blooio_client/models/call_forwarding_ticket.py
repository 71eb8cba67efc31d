# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class CallForwardingTicket(Model):
    """Response of requestCallForwarding: Request call forwarding."""

    success: bool | None = None
    """Whether it succeeded"""
    ticket_id: str | None = None
    """The id of the support request"""
    status: str | None = None
    """The status of the support request, such as "open" """
    number: str | None = None
    """Your number, in E.164 format"""
    forward_to: str | None = None
    """The number that calls are forwarded to, in E.164 format"""
