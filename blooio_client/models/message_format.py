# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class MessageFormat(OpenEnum):
    """The `format` of SendMessageRequest."""

    MARKDOWN = "markdown"
    PLAIN = "plain"
