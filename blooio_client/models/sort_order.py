# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class SortOrder(OpenEnum):
    """SortOrder: one of the values below, or one that came after this version of the client."""

    ASC = "asc"
    DESC = "desc"
