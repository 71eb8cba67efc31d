# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..models.auth_type import AuthType
from ..types import (
    Codec,
    Hidden,
    JsonObject,
    ListOf,
    Members,
    Model,
    Nested,
    Secret,
    hiding,
    read_generally,
)

if TYPE_CHECKING:
    from ..models.device import Device
    from ..models.organization import Organization
    from ..models.usage import Usage

_auth_type = Members(AuthType)


@define(kw_only=True, eq=False, repr=False)
class Me(Model):
    """Response depends on auth_type. For 'api_key': includes full API key details. For 'dashboard': includes user_id
    and organization info only."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "auth_type": AuthType,
        "api_key": Hidden(),
        "organization": Nested("Organization"),
        "devices": ListOf(Nested("Device")),
        "usage": Nested("Usage"),
    }

    auth_type: AuthType | None = None
    """Type of authentication used"""
    valid: bool | None = None
    """Whether the API key is valid (only for api_key auth)"""
    user_id: str | None = None
    """User ID (only for dashboard auth)"""
    api_key: Secret | None = None
    """The API key (only for api_key auth)"""
    organization_id: str | None = None
    """Organization ID (only for api_key auth)"""
    organization: Organization | None = None
    metadata: JsonObject | None = None
    """API key metadata (only for api_key auth)"""
    integration_details: JsonObject | None = None
    """Integration details if the API key is associated with an integration (only for api_key auth)"""
    devices: list[Device] | None = None
    """List of devices associated with this API key (only for api_key auth)"""
    usage: Usage | None = None
    """Usage statistics (only for api_key auth)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = hiding(data, "api_key")
        model._held = {}
        get = data.get
        model.valid = get("valid")
        model.user_id = get("user_id")
        model.organization_id = get("organization_id")
        model.metadata = get("metadata")
        model.integration_details = get("integration_details")
        try:
            model.auth_type = _auth_type[get("auth_type")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
