"""Read the locations that people share with you."""

from blooio_client import Blooio, NotFoundError

with Blooio() as client:
    client.locations.refresh()  # new positions take 15 to 20 seconds
    for location in client.locations.list():
        print(location.handle, location.latitude, location.longitude)
    try:
        print(client.locations.get("+15551234567").last_updated)
    except NotFoundError:
        print("this one shares no location")
