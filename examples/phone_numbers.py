"""Check phone numbers before you write to them."""

from blooio_client import Blooio

with Blooio() as client:
    number = client.phone_numbers.lookup("(212) 555-0123")
    print(number.e164, number.valid, number.type)
    for each in client.phone_numbers.lookup_many([f"+1212555{line:04d}" for line in range(100, 220)]):
        print(each.input, each.country)
