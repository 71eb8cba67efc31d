"""Call someone over FaceTime, once Blooio supports it."""

from blooio_client import Blooio, ComingSoonError

with Blooio() as client:
    try:
        print("join at", client.facetime.call("+15551234567").link)
    except ComingSoonError as error:
        print(error)
