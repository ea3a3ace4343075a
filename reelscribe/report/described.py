"""A model's description of a stretch: its words taken apart, and what is known of how it wrote them."""

from __future__ import annotations

from reelscribe.v1.finding_pb2 import Description

PARTS = ("who", "place", "action")
"""What the model is asked for beside what happens, in the order of the contract."""

FORMLESS = ".v1"
"""Prompts of this version ask for no form; none can be missed there."""


def content_of(description: Description) -> str:
    """What happens, in one line."""
    return " ".join(description.content.split())


def parts_of(description: Description) -> tuple[tuple[str, str], ...]:
    """(part, the model's words for it), those that it filled in."""
    told = ((part, " ".join(getattr(description, part).split())) for part in PARTS)
    return tuple((part, words) for part, words in told if words)


def marks_of(description: Description) -> tuple[str, ...]:
    """What limits it: "repeated", "looped", "loose" (not in the form asked for)."""
    asked = description.prompt_name and not description.prompt_name.endswith(FORMLESS)
    holds = {
        "repeated": description.repeated,
        "looped": description.looped,
        "loose": bool(asked) and not description.structured,
    }
    return tuple(mark for mark, held in holds.items() if held)
