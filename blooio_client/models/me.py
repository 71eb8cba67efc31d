# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.auth_type import AuthType
from ..models.device import Device
from ..models.organization import Organization
from ..models.usage import Usage
from ..types import JsonObject, Model, Secret


@define(kw_only=True, eq=False, repr=False)
class Me(Model):
    """Response depends on auth_type. For 'api_key': includes full API key details. For 'dashboard': includes user_id
    and organization info only."""

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
    """The organization that the API key belongs to"""
    metadata: JsonObject | None = None
    """API key metadata (only for api_key auth)"""
    integration_details: JsonObject | None = None
    """Integration details if the API key is associated with an integration (only for api_key auth)"""
    devices: list[Device] | None = None
    """List of devices associated with this API key (only for api_key auth)"""
    usage: Usage | None = None
    """Usage statistics (only for api_key auth)"""
