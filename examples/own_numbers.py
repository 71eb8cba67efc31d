"""List your numbers, and change their contact cards."""

from blooio_client import Blooio

with Blooio() as client:
    numbers = client.numbers.list()
    for number in numbers:
        print(number.phone_number, "is active" if number.is_active else "is not active", number.last_active)
    card = client.numbers.contact_card.update(numbers[0], first_name="Booking", last_name="Desk", avatar="photo.jpg")
    print("now known as", card.first_name, card.last_name)
