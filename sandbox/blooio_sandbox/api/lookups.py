"""Phone lookups with the library `phonenumbers`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from blooio_sandbox.responses import ApiRequest, Handler, Json, Response, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state.database import State

_NORTH_AMERICA = 1
_NORTH_AMERICAN_DIGITS = 10
_CITY = re.compile(r"(?P<city>.+), (?P<region>[A-Z]{2})")


def lookup_phone_number(request: ApiRequest, _state: State) -> Response:
    """Handle lookupPhoneNumber."""
    return Response(look_up(_reject_blank("number", request.query["number"])))


def lookup_phone_number_post(request: ApiRequest, _state: State) -> Response:
    """Handle lookupPhoneNumberPost."""
    return Response(look_up(_reject_blank("number", request.body["number"])))


def batch_lookup_phone_numbers(request: ApiRequest, _state: State) -> Response:
    """Handle batchLookupPhoneNumbers."""
    texts = [_reject_blank(f"numbers/{index}", text) for index, text in enumerate(request.body["numbers"])]
    return Response({"results": [look_up(text) for text in texts]})


def look_up(text: str) -> Json:
    """Look up a phone number; without a country code it is a US number."""
    try:
        number = phonenumbers.parse(text, "US")
    except NumberParseException:
        return {"input": text, "valid": False, "possible": False}
    return {
        "input": text,
        "valid": phonenumbers.is_valid_number(number),
        "possible": phonenumbers.is_possible_number(number),
        "e164": phonenumbers.format_number(number, PhoneNumberFormat.E164),
        "national": phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        "international": phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        "country_calling_code": str(number.country_code),
        "country": _country(number),
        "national_number": phonenumbers.national_significant_number(number),
        "type": _TYPES.get(phonenumbers.number_type(number)),
        "location": _location(number),
        **_north_american_fields(number),
    }


def _reject_blank(pointer: str, text: str) -> str:
    if not text.strip():
        raise invalid(f"/{pointer}", "a phone number must not be empty")
    return text


def _country(number: PhoneNumber) -> str | None:
    region = phonenumbers.region_code_for_number(number)
    # Numbers outside any country have a numeric region.
    return region if region and region.isalpha() else None


def _location(number: PhoneNumber) -> Json | None:
    if number.country_code != _NORTH_AMERICA:
        return None
    # The geocoder takes half a second to load.
    from phonenumbers import geocoder

    place = geocoder.description_for_number(number, "en")
    return read_place(place) if place and place != geocoder.country_name_for_number(number, "en") else None


def read_place(place: str) -> Json:
    """Split a place: a city with its region (`New York, NY`), or only a region (`Ontario`)."""
    city = _CITY.fullmatch(place)
    named = {"city": None, "region": None, "region_name": place}
    return named if city is None else named | city.groupdict() | {"region_name": None}


def _north_american_fields(number: PhoneNumber) -> Json:
    digits = phonenumbers.national_significant_number(number)
    if number.country_code != _NORTH_AMERICA or len(digits) != _NORTH_AMERICAN_DIGITS:
        return {}
    return {"area_code": digits[:3], "exchange": digits[3:6]}


_TYPES: Mapping[int, str] = {
    PhoneNumberType.FIXED_LINE: "FIXED_LINE",
    PhoneNumberType.MOBILE: "MOBILE",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "FIXED_LINE_OR_MOBILE",
    PhoneNumberType.TOLL_FREE: "TOLL_FREE",
    PhoneNumberType.PREMIUM_RATE: "PREMIUM_RATE",
    PhoneNumberType.SHARED_COST: "SHARED_COST",
    PhoneNumberType.VOIP: "VOIP",
    PhoneNumberType.PERSONAL_NUMBER: "PERSONAL_NUMBER",
    PhoneNumberType.PAGER: "PAGER",
    PhoneNumberType.UAN: "UAN",
    PhoneNumberType.VOICEMAIL: "VOICEMAIL",
}

HANDLERS: Mapping[str, Handler] = {
    "lookupPhoneNumber": lookup_phone_number,
    "lookupPhoneNumberPost": lookup_phone_number_post,
    "batchLookupPhoneNumbers": batch_lookup_phone_numbers,
}
