"""Collects what is wrong with a file while it is decoded, one entry per kind."""

from __future__ import annotations

from dataclasses import dataclass

from reelscribe.v1.media_pb2 import Damage


@dataclass(slots=True)
class _Count:
    words: str
    count: int
    first_s: float | None


class DamageLog:
    """Damages in the order they were first met, each reason once."""

    def __init__(self) -> None:
        self._counts: dict[str, _Count] = {}

    def __repr__(self) -> str:
        return f"DamageLog({', '.join(self._counts) or 'nothing'})"

    def note(self, reason: str, sentence: str) -> None:
        """A damage that is said once, in one sentence."""
        self._counts.setdefault(reason, _Count(sentence, 0, None))

    def count(self, reason: str, what: str, at_s: float | None) -> None:
        """One more of a kind; `what` stands before the number, e.g. "Damaged pictures"."""
        entry = self._counts.setdefault(reason, _Count(what, 0, at_s))
        entry.count += 1

    def damages(self) -> tuple[Damage, ...]:
        return tuple(Damage(reason=reason, message=_sentence(entry)) for reason, entry in self._counts.items())


def _sentence(entry: _Count) -> str:
    if not entry.count:
        return entry.words
    where = "" if entry.first_s is None else f", the first at about {entry.first_s:.2f} s"
    return f"{entry.words}: {entry.count}{where}."
