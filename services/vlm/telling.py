"""The descriptions of one part in order: asked for together, told one after another, repeated ones asked for again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType

from reelscribe.v1.finding_pb2 import Description, Finding
from services.common.time import span
from services.vlm.prompts import Prompt
from services.vlm.repetition import repeats
from services.vlm.segment_model import Written
from services.vlm.segments import Segment
from services.vlm.ticket import Ticket

LABEL = "description"

LOOK_AROUND_S = 0.1
"""While a text is being written, the part is asked this often whether it was cancelled."""

CUT_MARK = "…"
"""Ends a text that was stopped at max_new_tokens."""


@dataclass(slots=True, kw_only=True)
class _Told:
    """One segment on its way to a finding."""

    segment: Segment
    ticket: Ticket
    answer: Written | None = None
    ticket_again: Ticket | None = None
    answer_again: Written | None = None

    @property
    def awaited(self) -> Ticket | None:
        """What it still waits for."""
        if self.answer is None:
            return self.ticket
        return self.ticket_again if self.answer_again is None else None


class Telling:
    """Segments in, findings out in the same order. Leaving it gives up what is still being written.

    A segment whose first answer says the same as the first answer before it is asked once more. First answers
    alone decide that: so the segments of a picture that stands still are asked again together and not one after
    another, and the outcome does not depend on which of them was written first.
    """

    def __init__(
        self, ask: Callable[[Segment, str], Ticket], prompt: Prompt, count_processed: Callable[[int], None]
    ) -> None:
        """`count_processed` is the part's; it may raise Cancelled, and is called often while waiting for that."""
        self._ask = ask
        self._prompt = prompt
        self._count_processed = count_processed
        self._pending: deque[_Told] = deque()
        self._answer_before: str | None = None
        self._told_before: str | None = None
        self._counted_until_s = float("-inf")

    def __enter__(self) -> Telling:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for told in self._pending:
            for ticket in (told.ticket, told.ticket_again):
                if ticket is not None:
                    ticket.cancel()

    def submit(self, segment: Segment) -> None:
        """Ask for one more segment. Raises TokenCapExceeded."""
        self._pending.append(_Told(segment=segment, ticket=self._ask(segment, self._prompt.ask)))

    def ready(self, *, wait: bool) -> Iterator[Finding]:
        """Findings of the segments that are done; with `wait`, of all. Raises what the model raised."""
        while self._pending:
            self._read_answers()
            awaited = self._pending[0].awaited
            if awaited is None:
                yield from self._finding(self._pending.popleft())
            elif wait:
                awaited.wait(LOOK_AROUND_S)
                self._count_processed(0)
            else:
                return

    def _read_answers(self) -> None:
        for told in self._pending:
            if told.answer is None:
                told.answer = told.ticket.wait(0)
                if told.answer is None:
                    return
                if self._answer_before is not None and repeats(told.answer.text, self._answer_before):
                    told.ticket_again = self._ask(told.segment, self._prompt.ask_again)
                self._answer_before = told.answer.text
            if told.ticket_again is not None and told.answer_again is None:
                told.answer_again = told.ticket_again.wait(0)

    def _finding(self, told: _Told) -> Iterator[Finding]:
        """The finding of a segment that is done; none if the model wrote nothing."""
        answers = [answer for answer in (told.answer, told.answer_again) if answer is not None]
        new = [answer for answer in answers if not self._says_the_same(answer)]
        chosen = new[-1] if new else answers[0]
        self._count(told.segment)
        if not chosen.text:
            return
        yield Finding(
            span=span(told.segment.start_s, told.segment.end_s),
            label=LABEL,
            description=Description(
                content=chosen.text if chosen.complete else chosen.text + CUT_MARK,
                language_code=self._prompt.language_code,
                frame_count=len(told.segment.frames),
                prompt_token_count=sum(answer.prompt_token_count for answer in answers),
                output_token_count=sum(answer.output_token_count for answer in answers),
                repeated=not new,
            ),
        )
        self._told_before = chosen.text

    def _says_the_same(self, answer: Written) -> bool:
        return self._told_before is not None and repeats(answer.text, self._told_before)

    def _count(self, segment: Segment) -> None:
        """Each frame counts once, though it may stand in several segments."""
        self._count_processed(sum(pts_s > self._counted_until_s for pts_s in segment.pts_s))
        self._counted_until_s = max(self._counted_until_s, segment.pts_s[-1])
