"""The descriptions of one part in order: asked for together, told one after another, repeated ones asked for again."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType

import structlog

from reelscribe.v1.finding_pb2 import Description, Finding
from services.common.time import duration, span
from services.vlm.answer import Answer, read
from services.vlm.pace import Pace, written_share
from services.vlm.prompts import Prompt
from services.vlm.repetition import Earlier
from services.vlm.segments import Segment, resized
from services.vlm.ticket import Ticket

log = structlog.get_logger()

LABEL = "description"

LOOK_AROUND_S = 0.1
"""While a text is being written, the part is asked this often whether it was cancelled."""

TOLD_EVERY_S = 10.0
"""Who waits longer than this for texts is told, as often, how far they are."""


@dataclass(slots=True, kw_only=True)
class _Told:
    """One segment on its way to a finding."""

    segment: Segment
    ticket: Ticket
    answer: Answer | None = None
    ticket_again: Ticket | None = None
    answer_again: Answer | None = None

    @property
    def awaited(self) -> Ticket | None:
        """What it still waits for."""
        if self.answer is None:
            return self.ticket
        return self.ticket_again if self.answer_again is None else None


class Telling:
    """Segments in, findings out in the same order. Leaving it gives up what is still being written.

    A segment whose first answer repeats the first answer of any segment of the part before it, or itself, is asked
    once more. First answers alone decide that: so the segments of a picture that stands still are asked again
    together and not one after another, and the outcome does not depend on which of them was written first.
    """

    def __init__(
        self,
        ask: Callable[[Segment, str], Ticket],
        prompt: Prompt,
        count_processed: Callable[[int], None],
        *,
        max_pixels: int,
    ) -> None:
        """`count_processed` is the part's; it may raise Cancelled, and is called often while waiting for that."""
        self._ask = ask
        self._prompt = prompt
        self._count_processed = count_processed
        self._max_pixels = max_pixels
        self._pending: deque[_Told] = deque()
        self._first_answers = Earlier()
        self._told = Earlier()
        self._told_count = 0
        self._counted_until_s = float("-inf")
        self._pace = Pace()
        self._logged_s = time.monotonic()

    def __enter__(self) -> Telling:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for ticket in self._tickets():
            ticket.cancel()

    def submit(self, segment: Segment) -> None:
        """Ask for one more segment. Raises TokenCapExceeded."""
        self._pending.append(_Told(segment=segment, ticket=self._ask(segment, self._prompt.ask)))

    def ready(self, *, pending_at_most: int) -> Iterator[Finding]:
        """Findings of the segments that are done, waiting while more are pending. Raises what the model raised."""
        while self._pending:
            self._read_answers()
            awaited = self._pending[0].awaited
            if awaited is None:
                yield from self._finding(self._pending.popleft())
            elif len(self._pending) > pending_at_most:
                awaited.wait(LOOK_AROUND_S)
                self._count_processed(0)
                self._say_how_far()
            else:
                return

    def _read_answers(self) -> None:
        for told in self._pending:
            if told.answer is None:
                written = told.ticket.wait(0)
                if written is None:
                    return
                told.answer = read(written, self._prompt.form)
                statement = told.answer.statement
                if told.answer.looped or self._first_answers.same_as(statement) is not None:
                    told.ticket_again = self._ask(told.segment, self._prompt.ask_again)
                if statement:
                    self._first_answers.add(told.segment.start_s, statement)
            if told.ticket_again is not None and told.answer_again is None:
                again = told.ticket_again.wait(0)
                told.answer_again = None if again is None else read(again, self._prompt.form)

    def _finding(self, told: _Told) -> Iterator[Finding]:
        """The finding of a segment that is done; none if the model wrote nothing."""
        answers = [answer for answer in (told.answer, told.answer_again) if answer is not None]
        chosen = self._best(answers)
        self._told_count += 1
        self._count(told.segment)
        if not chosen.content:
            return
        yield Finding(
            span=span(told.segment.start_s, told.segment.end_s),
            label=LABEL,
            description=self._description(told.segment, chosen, answers),
        )
        self._told.add(told.segment.start_s, chosen.statement)

    def _best(self, answers: list[Answer]) -> Answer:
        """The one that says something new without repeating itself, in the form asked for; the second of two such."""

        def merit(answer: Answer) -> tuple[bool, bool, bool, bool]:
            new = self._told.same_as(answer.statement) is None
            return bool(answer.content), new, not answer.looped, answer.fields is not None

        # Of equals max takes the first it sees: the second answer if it is new, the first if neither is.
        _, second_is_new, *_ = merit(answers[-1])
        return max(reversed(answers) if second_is_new else answers, key=merit)

    def _description(self, segment: Segment, chosen: Answer, answers: list[Answer]) -> Description:
        height_px, width_px = segment.frames[0].shape[:2]
        shown_height_px, shown_width_px = resized(height_px, width_px, self._max_pixels)
        fields = chosen.fields
        description = Description(
            content=chosen.content,
            language_code=self._prompt.language_code,
            frame_count=len(segment.frames),
            prompt_token_count=sum(answer.written.prompt_token_count for answer in answers),
            output_token_count=sum(answer.written.output_token_count for answer in answers),
            looped=chosen.looped,
            structured=fields is not None,
            prompt_name=self._prompt.name,
            prompt_sha256=self._prompt.sha256,
            frame_width_px=shown_width_px,
            frame_height_px=shown_height_px,
            attempt_count=len(answers),
            mean_token_probability=chosen.written.mean_token_probability,
        )
        if fields is not None:
            description.happening, description.who = fields.happening, fields.who
            description.place, description.action = fields.place, fields.action
        if (earlier_s := self._told.same_as(chosen.statement)) is not None:
            description.repeated = True
            description.repeated_offset.CopyFrom(duration(earlier_s))
        return description

    def _count(self, segment: Segment) -> None:
        """Each frame counts once, though it may stand in several segments."""
        self._count_processed(sum(pts_s > self._counted_until_s for pts_s in segment.pts_s))
        self._counted_until_s = max(self._counted_until_s, segment.pts_s[-1])

    def _tickets(self) -> Iterator[Ticket]:
        for told in self._pending:
            yield from (ticket for ticket in (told.ticket, told.ticket_again) if ticket is not None)

    def _say_how_far(self) -> None:
        now_s = time.monotonic()
        count = self._told_count + len(self._pending)
        share = (self._told_count + len(self._pending) * written_share(self._tickets())) / count
        rest_s = self._pace.left_s(now_s, share)
        if now_s - self._logged_s < TOLD_EVERY_S:
            return
        self._logged_s = now_s
        log.info(
            "describing",
            segments=f"{self._told_count} of {count}",
            written=f"{share:.0%}",
            left="unknown yet" if rest_s is None else f"at most about {rest_s:.0f} s",
        )
