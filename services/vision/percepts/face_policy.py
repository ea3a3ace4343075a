"""How far faces may be looked at: one setting that bounds everything that is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel

from reelscribe.v1.analyzer_pb2 import Reason
from services.common.analyzer import AnalyzerSettings
from services.common.errors import InvalidSetting
from services.common.service import OFF_BY_POLICY

FaceUse = Literal["off", "geometry", "attributes"]

ORDER: tuple[FaceUse, ...] = ("off", "geometry", "attributes")
"""Each allows what the one before it allows, and more."""


class FacesSettings(AnalyzerSettings):
    """How far faces may be looked at."""

    use: FaceUse = "attributes"
    """off: not at all; geometry: where they are and where they look; attributes: age, gender and emotion estimates too.

    A request may ask for less than the service's own value, not for more.
    """


def accept(own: FacesSettings, wanted: FacesSettings) -> None:
    """Raises InvalidSetting if a request wants more than the service allows."""
    if not allows(own.use, wanted.use):
        raise InvalidSetting(f"this service allows faces.use = {own.use} at most, not {wanted.use}")


def allows(use: FaceUse, needed: FaceUse) -> bool:
    """Whether what is needed is within what is allowed.

    >>> allows("geometry", "attributes")
    False
    """
    return ORDER.index(needed) <= ORDER.index(use)


def declined(settings: Mapping[type, BaseModel], needed: FaceUse) -> Reason | None:
    """For Analyzer.declined: why an analyzer that needs so much of faces does not look."""
    for values in settings.values():
        if isinstance(values, FacesSettings) and not allows(values.use, needed):
            return Reason(
                code=OFF_BY_POLICY,
                message=f"switched off: faces.use is {values.use!r}, this needs {needed!r}",
                fix=f"faces.use={needed}",
            )
    return None
