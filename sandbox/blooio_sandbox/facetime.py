"""FaceTime links, where an account has them switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from blooio_sandbox.addresses import parse_person
from blooio_sandbox.answers import Answer, ApiRequest, Handler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state import State


def call_face_time(request: ApiRequest, _state: State) -> Answer:
    """Answer callFaceTime: the link looks like a real one, and nobody is at its end."""
    handle = parse_person(request.body["handle"])
    return Answer({"success": True, "link": f"https://facetime.apple.com/join#v=1&p={uuid4().hex}", "handle": handle})


HANDLERS: Mapping[str, Handler] = {"callFaceTime": call_face_time}
