"""What a request chooses of the file itself, told apart from the settings of analyzers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reelscribe.v1.analyzer_pb2 import Setting
from services.common.errors import InvalidSetting

AUDIO_STREAM = "gateway.audio_stream"
"""Index among all streams of the file of the sound to be heard; not set: the default one, else the first."""

PREFIX = "gateway."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Of one request."""

    audio_stream: int | None
    analyzer_settings: tuple[Setting, ...]
    """The rest, for the services."""


def choices(settings: Sequence[Setting]) -> Choices:
    """Raises InvalidSetting for a setting of the gateway's that does not exist, or is no whole number from 0 on."""
    audio_stream = None
    for item in (item for item in settings if item.name.startswith(PREFIX)):
        if item.name != AUDIO_STREAM:
            raise InvalidSetting(f"{item.name!r} cannot be set for one video; {AUDIO_STREAM!r} can")
        if item.WhichOneof("value") != "count" or item.count < 0:
            raise InvalidSetting(f"{AUDIO_STREAM} is the index of a stream: a whole number from 0 on")
        audio_stream = item.count
    others = tuple(item for item in settings if not item.name.startswith(PREFIX))
    return Choices(audio_stream=audio_stream, analyzer_settings=others)
