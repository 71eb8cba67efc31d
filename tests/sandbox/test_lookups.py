"""Phone lookups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx


def _look_up(api: httpx.Client, number: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/phone-numbers/lookup", params={"number": number}).json()
    return found


@pytest.mark.parametrize("number", ["+15551234567", "5551234567", "(555) 123-4567"])
def test_formats_of_numbers(api: httpx.Client, number: str) -> None:
    """E.164, national and formatted numbers are equal; an impossible number is not valid."""
    found = _look_up(api, number)

    assert found.pop("input") == number
    assert found == {
        "valid": False,
        "possible": True,
        "e164": "+15551234567",
        "national": "(555) 123-4567",
        "international": "+1 555-123-4567",
        "country_calling_code": "1",
        "country": None,
        "national_number": "5551234567",
        "type": None,
        "location": None,
        "area_code": "555",
        "exchange": "123",
    }


def test_a_valid_number_has_a_country_a_type_and_a_location(api: httpx.Client) -> None:
    """A valid number has a country, a type and the location that the library knows offline."""
    found = _look_up(api, "+12125550123")

    assert (found["valid"], found["country"], found["type"]) == (True, "US", "FIXED_LINE_OR_MOBILE")
    assert found["location"] == {"city": "New York", "region": "NY", "region_name": None}


def test_a_location_may_be_a_region(api: httpx.Client) -> None:
    """A number of which only the province is known has no city."""
    assert _look_up(api, "+14165550123")["location"] == {"city": None, "region": None, "region_name": "Ontario"}


def test_a_number_outside_of_north_america(api: httpx.Client) -> None:
    """Area code, exchange and place exist only for +1 numbers."""
    found = _look_up(api, "+442079460123")

    assert (found["country"], found["country_calling_code"], found["location"]) == ("GB", "44", None)
    assert found["national"] == "020 7946 0123"
    assert "area_code" not in found


def test_a_number_without_a_country(api: httpx.Client) -> None:
    """An international freephone number has no country."""
    found = _look_up(api, "+80012345678")

    assert (found["valid"], found["country"], found["type"]) == (True, None, "TOLL_FREE")


def test_an_invalid_number_is_not_an_error(api: httpx.Client) -> None:
    """Text without digits is not an error, since a batch can contain some."""
    assert _look_up(api, "hello") == {"input": "hello", "valid": False, "possible": False}


def test_a_number_in_the_body(api: httpx.Client) -> None:
    """A POST returns the same as a GET."""
    response = api.post("/phone-numbers/lookup", json={"number": "+15551234567"})

    assert response.json() == _look_up(api, "+15551234567")


def test_many_numbers_are_looked_up_at_once(api: httpx.Client) -> None:
    """Results keep the order of the numbers, and 1 to 100 numbers are accepted."""
    numbers = [f"+1555123{index:04}" for index in range(100)]
    results = api.post("/phone-numbers/batch", json={"numbers": numbers}).json()["results"]

    assert [found["e164"] for found in results] == numbers
    assert api.post("/phone-numbers/batch", json={"numbers": [*numbers, "+15559999999"]}).status_code == 400
    assert api.post("/phone-numbers/batch", json={"numbers": []}).status_code == 400


def test_a_blank_number_is_rejected(api: httpx.Client) -> None:
    """A blank number is rejected everywhere."""
    assert api.get("/phone-numbers/lookup", params={"number": " "}).status_code == 400
    assert api.post("/phone-numbers/lookup", json={"number": ""}).status_code == 400
    response = api.post("/phone-numbers/batch", json={"numbers": ["+15551234567", ""]})
    assert "at /numbers/1:" in response.json()["message"]
