# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class MessageEffect(OpenEnum):
    """The `effect` of SendMessageRequest."""

    BALLOONS = "balloons"
    CELEBRATION = "celebration"
    CONFETTI = "confetti"
    ECHO = "echo"
    FIREWORKS = "fireworks"
    GENTLE = "gentle"
    INVISIBLE_INK = "invisible-ink"
    LASERS = "lasers"
    LOUD = "loud"
    LOVE = "love"
    SLAM = "slam"
    SPOTLIGHT = "spotlight"
