# Generated from openapi/ by `make generate`. Do not edit.
from ..types import JsonObject

__all__ = ["JsonObject"]
