"""Named values: analyzer settings as they travel, are checked, and are echoed in a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from reelscribe.v1.analyzer_pb2 import Setting
from services.common.analyzer import Analyzer, AnalyzerSettings, Percept
from services.common.errors import InvalidSetting
from services.common.settings import Scalar

Values = Mapping[str, Mapping[str, Scalar]]
"""group -> name -> value; the group is an analyzer's name or a percept's in snake_case."""

Model = TypeVar("Model", bound=AnalyzerSettings)


def group_of(user: type[Analyzer] | type[Percept]) -> str:
    """Under which name a user's settings stand: `text_overlay`, `transcript`."""
    if issubclass(user, Analyzer):
        return user.name
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", user.__name__).lower()


def to_wire(group: str, settings: BaseModel) -> list[Setting]:
    """The effective values, in the order of the model's fields."""
    return [setting(f"{group}.{name}", value) for name, value in settings.model_dump(mode="json").items()]


def setting(name: str, value: Scalar | None) -> Setting:
    """One value on the wire; None (not set) as an empty text."""
    if isinstance(value, bool):
        return Setting(name=name, flag=value)
    if isinstance(value, int):
        return Setting(name=name, count=value)
    if isinstance(value, float):
        return Setting(name=name, number=value)
    return Setting(name=name, text="" if value is None else str(value))


def from_wire(settings: Iterable[Setting]) -> dict[str, dict[str, Scalar]]:
    """Values by group. Raises InvalidSetting for a name without a group."""
    values: dict[str, dict[str, Scalar]] = {}
    for item in settings:
        group, dot, name = item.name.partition(".")
        kind = item.WhichOneof("value")
        if not dot or not name or kind is None:
            raise InvalidSetting(f"{item.name!r} is not 'analyzer.setting' with a value")
        values.setdefault(group, {})[name] = getattr(item, kind)
    return values


def parse(text: str) -> Setting:
    """`texts.reader=easyocr` from a command line; true/false, whole and decimal numbers are told apart."""
    name, equals, value = text.partition("=")
    if not equals or "." not in name:
        raise InvalidSetting(f"{text!r} is not of the form analyzer.setting=value")
    if value in ("true", "false"):
        return setting(name, value == "true")
    for kind in (int, float):
        try:
            return setting(name, kind(value))
        except ValueError:
            continue
    return setting(name, value)


def validated(model: type[Model], group: str, *layers: Mapping[str, Scalar]) -> Model:
    """The model with later layers over earlier ones. Raises InvalidSetting for what it does not take."""
    merged = {name: value for layer in layers for name, value in layer.items()}
    try:
        return model(**merged)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join([group, *(str(part) for part in first["loc"])])
        raise InvalidSetting(f"{where}: {first['msg']}") from error
