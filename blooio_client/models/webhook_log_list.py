# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.pagination import Pagination
from ..models.webhook_log import WebhookLog
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class WebhookLogList(Model):
    """Response of listWebhookLogs: List webhook logs."""

    logs: list[WebhookLog]
    """The deliveries of this page"""
    pagination: Pagination | None = None
    """The position of this page in the list; pagers use it for you"""
