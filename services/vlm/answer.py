"""What the model's words amount to: loops cut off, the form taken apart, and what of it can be compared."""

from __future__ import annotations

from dataclasses import dataclass

from services.vlm.form import Form, Parsed, parsed
from services.vlm.repetition import without_loop
from services.vlm.segment_model import Written

CUT_MARK = "…"
"""Ends a text that was stopped at max_new_tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, read."""

    written: Written
    fields: Parsed | None
    """None where no form was asked for, or it was not kept."""
    looped: bool
    """The end was the same words over and over, and is left off."""
    content: str
    """For people: what happens in a sentence or two; without the form, all that was written."""
    statement: str
    """What of it must differ from segment to segment: who is seen and where may well stay the same."""


def read(written: Written, form: Form | None) -> Answer:
    """Read what was written in answer to a prompt that asks for `form`."""
    text = without_loop(written.text)
    looped = text != written.text
    # Whatever a loop left no room for was not come to either.
    fields = None if form is None else parsed(text, form, complete=written.complete and not looped)
    content = text if fields is None else fields.happening
    # With the form, the mark is only for a sentence that was itself cut; the fields after it may well be missing.
    sentence_is_last = fields is None or text.rstrip().endswith(fields.happening)
    cut = not written.complete and not looped and sentence_is_last
    return Answer(
        written=written,
        fields=fields,
        looped=looped,
        content=content + CUT_MARK if cut and content else content,
        statement=text if fields is None else f"{fields.happening} {fields.action}",
    )
