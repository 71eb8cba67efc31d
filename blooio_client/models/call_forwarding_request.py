# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class CallForwardingRequest(Model):
    """Body of requestCallForwarding: Request call forwarding."""

    forward_to: str
    """The US phone number that calls are forwarded to"""
