"""What `doctor` finds: one record a check, and how grave it is."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Grade(enum.Enum):
    """How grave."""

    GOOD = "good"
    NOTE = "note"
    """Something that can be had and is not there; `analyze` works without it."""
    BAD = "bad"
    """`analyze` does not work as it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at. `fix`: a command or a sentence, with NOTE and BAD."""

    name: str
    grade: Grade
    told: str
    fix: str = ""


def good(name: str, told: str) -> Check:
    """All is well."""
    return Check(name=name, grade=Grade.GOOD, told=told)


def note(name: str, told: str, fix: str = "") -> Check:
    """Not there, not needed by `analyze`."""
    return Check(name=name, grade=Grade.NOTE, told=told, fix=fix)


def bad(name: str, told: str, fix: str) -> Check:
    """Missing, too old or too small."""
    return Check(name=name, grade=Grade.BAD, told=told, fix=fix)
