"""Windows with percepts filled in, for an analyzer under test: what the service does, without its threads."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from reelscribe.v1.media_pb2 import Video
from services.common.analyzer import Analyzer, Percept, needs_of
from services.common.device import Device
from services.common.window import Need, Part, Window


def all_needs(user: type[Analyzer] | type[Percept]) -> tuple[Need, ...]:
    """The needs of an analyzer and of every percept below it, each once."""
    below = [need for percept in user.uses for need in all_needs(percept)]
    return tuple(dict.fromkeys([*needs_of(user), *below]))


def loaded(percepts: Sequence[type[Percept]], device: Device) -> list[Percept]:
    """One loaded instance of each percept, those below first."""
    instances: dict[type[Percept], Percept] = {}

    def visit(kind: type[Percept]) -> None:
        for used in kind.uses:
            visit(used)
        if kind not in instances:
            instances[kind] = kind()
            instances[kind].load(device)

    for kind in percepts:
        visit(kind)
    return list(instances.values())


def part_for(percept: Percept) -> Part:
    """A part with the percept's own settings."""
    return Part(
        analysis_id="test",
        part_id="part-0",
        index=0,
        start_s=0.0,
        own_start_s=0.0,
        video=Video(),
        settings=percept.settings,
    )


def perceived(windows: Iterator[Window], percepts: Sequence[Percept], part: Part) -> Iterator[Window]:
    """The windows again, with one value of each percept in each; `percepts` in the order of their dependence."""
    filled = list(windows)
    for percept in percepts:
        settled = replace(part, settings=percept.settings)
        values = list(percept.perceive(settled, iter(filled)))
        assert len(values) == len(filled), f"{len(values)} values for {len(filled)} windows"
        filled = [_with(window, type(percept), value) for window, value in zip(filled, values, strict=True)]
    yield from filled


def _with(window: Window, key: Hashable, value: Any) -> Window:
    contents = {**window._contents, key: value}
    return Window(index=window.index, start_s=window.start_s, end_s=window.end_s, contents=contents)
