"""A window as its readers see it: only what each has declared, opened when it is read."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Protocol

from services.common.analyzer import Percept
from services.common.window import Need, Window


class LaidDownWindow(Protocol):
    """A window whose media can be opened when somebody reads it."""

    index: int
    start_s: float
    end_s: float

    def count(self, need: Need) -> int:
        """Frames, or samples per channel, that this window offers for a need; without touching the media."""
        ...

    def batch(self, need: Need) -> Any:
        """The FrameBatch or SampleBatch for a need."""
        ...


def view(laid_down: LaidDownWindow, needs: tuple[Need, ...], values: dict[type[Percept], Any]) -> Window:
    """What a reader of `needs` and of these percepts' values is given."""
    return Window(
        index=laid_down.index,
        start_s=laid_down.start_s,
        end_s=laid_down.end_s,
        contents=_Contents(laid_down, frozenset(needs), values),
    )


class _Contents(Mapping[Hashable, Any]):
    """The needs and percepts one reader declared. Media is opened at each access, not kept."""

    __slots__ = ("_laid_down", "_needs", "_values")

    def __init__(self, laid_down: LaidDownWindow, needs: frozenset[Need], values: dict[type[Percept], Any]) -> None:
        self._laid_down = laid_down
        self._needs = needs
        self._values = values

    def __getitem__(self, key: Hashable) -> Any:
        if key in self._needs:
            return self._laid_down.batch(key)
        return self._values[key]  # type: ignore[index]  # any other key is a KeyError, as it should be

    def __iter__(self) -> Iterator[Hashable]:
        yield from self._needs
        yield from self._values

    def __len__(self) -> int:
        return len(self._needs) + len(self._values)
