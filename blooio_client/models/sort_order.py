# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class SortOrder(OpenEnum):
    """The parameter sort of listWebhookLogs."""

    ASC = "asc"
    DESC = "desc"
