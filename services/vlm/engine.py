"""One model, one batch: the segments of all parts and videos that wait for a description are written together.

submit ... submit          segments wait, oldest first
    |                      between two steps those that fit join the batch (one left-padded prefill)
step, step, step ...       each step writes one token of every row; rows that have ended leave at once
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from services.common.device import Device
from services.vlm.admission import admitted
from services.vlm.compiled import Parts
from services.vlm.pass_counts import PassCounts
from services.vlm.segment_model import (
    WARM_UP,
    OutOfMemory,
    Request,
    SegmentModel,
    Written,
    checked_token_count,
)
from services.vlm.ticket import EngineClosed, Ticket

log = structlog.get_logger()


CPU_ROW_LIMIT = 8
"""Rows of a batch on a CPU. The weights are read once per step whatever the rows, but each row costs arithmetic too."""

GPU_ROW_LIMIT = 64
"""Rows of a batch on a GPU: a minute of video at one segment a second. Its memory may allow less (token_limit)."""


class Engine:
    """Owns the model and the one thread that calls it. `submit` from any thread; `close` ends the thread."""

    def __init__(
        self, model: SegmentModel, *, device: Device, row_limit: int = CPU_ROW_LIMIT, token_limit: int | None = None
    ) -> None:
        self.counts = PassCounts()
        self.row_limit = row_limit
        """Halved when the device runs out of memory."""
        self.model = model
        self._device = device
        self._token_limit = token_limit
        self._changed = threading.Condition()
        self._waiting: deque[Ticket] = deque()
        self._closed = False
        self._rows: Any = None
        self._active: list[Ticket] = []
        self._thread = threading.Thread(target=self._work, name="vlm engine", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"Engine({len(self._active)} active, {len(self._waiting)} waiting, at most {self.row_limit} rows)"

    @classmethod
    def from_directory(
        cls,
        directory: Path,
        *,
        device: Device,
        precision: str = "auto",
        attention: str = "auto",
        recorded: bool = False,
        compiled: Parts = "none",
        row_limit: int | None = None,
    ) -> Engine:
        """An engine over the checkpoint in a directory.

        `precision`: "auto", "bfloat16", "float32", "int8" or "nf4"; `attention`: "auto", "sdpa" or
        "flash_attention_2"; `recorded`: steps are replayed as CUDA graphs; `compiled`: parts for torch.compile. Raises
        LibraryNotInstalled, WeightsDamaged.
        """
        from services.vlm.qwen2_vl import load_model

        model = load_model(
            directory,
            device=device,
            precision=precision,
            attention=attention,
            recorded=recorded,
            compiled=compiled,
        )
        on_gpu = device.kind != "cpu"
        rows = row_limit or (GPU_ROW_LIMIT if on_gpu else CPU_ROW_LIMIT)
        return cls(model, device=device, row_limit=rows, token_limit=model.measured_token_limit() if on_gpu else None)

    def prompt_token_count(self, request: Request) -> int:
        """The cost of the request's prompt. Raises TokenCapExceeded over its cap or the model's context."""
        return checked_token_count(self.model.prompt_token_count(request), request, self.model.context_token_count)

    @property
    def precision(self) -> str:
        """What the model computes in."""
        return self.model.precision

    @property
    def library(self) -> str:
        """What runs the model, e.g. "transformers 5.23.0, sdpa attention"."""
        return self.model.library

    def warm_up(self) -> None:
        """Write two tokens about a black picture, so that the first video finds every kernel and thread started."""
        log.info("warming up")
        self.submit([WARM_UP])[0].wait()

    def submit(self, requests: Sequence[Request]) -> list[Ticket]:
        """Queue segments; each joins the batch as soon as there is room. Raises TokenCapExceeded, EngineClosed."""
        tickets = [Ticket(request, self.prompt_token_count(request)) for request in requests]
        with self._changed:
            if self._closed:
                raise EngineClosed("the engine is closed")
            self._waiting.extend(tickets)
            self._changed.notify_all()
        return tickets

    def close(self) -> None:
        """End the thread after the pass in progress; what waits or is half written fails with EngineClosed."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    # The engine's thread

    def _work(self) -> None:
        outcome: Exception = EngineClosed("the engine is closed")
        try:
            while self._something_to_do():
                self._drop_cancelled()
                if joining := self._take_joining():
                    self._begin(joining)
                if self._active:
                    self._step()
        except Exception as problem:
            log.exception("the engine broke")
            outcome = problem
        with self._changed:
            self._closed = True
            left = [*self._active, *self._waiting]
        for ticket in left:
            ticket.end(outcome)

    def _something_to_do(self) -> bool:
        """Wait for work; False once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._active or self._waiting or self._closed)
            return not self._closed

    def _take_joining(self) -> list[Ticket]:
        with self._changed:
            waiting = [ticket for ticket in self._waiting if not ticket.cancelled]
            positions = admitted(
                [ticket.length for ticket in waiting],
                [ticket.length for ticket in self._active],
                row_limit=self.row_limit,
                token_limit=self._token_limit,
            )
            joining = [waiting[position] for position in positions]
            self._waiting = deque(ticket for ticket in waiting if ticket not in joining)
        return joining

    def _drop_cancelled(self) -> None:
        self._keep([row for row, ticket in enumerate(self._active) if not ticket.cancelled])

    def _begin(self, joining: list[Ticket]) -> None:
        try:
            with self._device.call():
                rows, logits = self.model.begin([ticket.request for ticket in joining])
                self.counts.prefill_sizes[len(joining)] += 1
                self._rows = self.model.join(self._rows, rows) if self._active else rows
        except OutOfMemory as problem:
            self._shrink(len(self._active) + len(joining))
            if self._active or len(joining) > 1:
                self._put_back(joining)
            else:
                joining[0].end(problem)
        except Exception as problem:
            self._blame(joining, problem)
        else:
            self._active += joining
            self._write(joining, logits)

    def _blame(self, joining: list[Ticket], problem: Exception) -> None:
        """A prefill failed for another reason: one bad segment must not take the others with it."""
        if len(joining) == 1:
            joining[0].end(problem)
            return
        for ticket in joining:
            self._begin([ticket])

    def _step(self) -> None:
        last_tokens = [ticket.tokens[-1] for ticket in self._active]
        try:
            with self._device.call():
                logits = self.model.step(self._rows, last_tokens)
                self.counts.step_sizes[len(last_tokens)] += 1
        except OutOfMemory as problem:
            self._shed(problem)
        except Exception as problem:
            failed = list(self._active)
            self._keep([])
            for ticket in failed:
                ticket.end(problem)
        else:
            self._write(list(self._active), logits)

    def _shed(self, problem: OutOfMemory) -> None:
        """A step had no room: the younger half of the batch starts again later, the older half goes on."""
        count = len(self._active)
        self._shrink(count)
        shed = self._active[count // 2 :]
        self._keep(list(range(count // 2)))
        if count == 1:
            shed[0].end(problem)
        else:
            self._put_back(shed)

    def _shrink(self, row_count: int) -> None:
        self.counts.out_of_memory_count += 1
        self.row_limit = max(1, min(self.row_limit, row_count) // 2)
        log.warning("out of memory, batch halved", tried_rows=row_count, row_limit=self.row_limit)

    def _put_back(self, tickets: list[Ticket]) -> None:
        for ticket in tickets:
            ticket.restart()
        with self._changed:
            self._waiting.extendleft(reversed(tickets))

    def _write(self, tickets: list[Ticket], logits: Any) -> None:
        """Append each row's most probable token; rows that have ended leave."""
        for ticket, token, probability in zip(tickets, *self.model.choose(logits), strict=True):
            ticket.tokens.append(token)
            ticket.probabilities.append(probability)
        ended = [ticket for ticket in tickets if self._has_ended(ticket)]
        self._keep([row for row, ticket in enumerate(self._active) if ticket not in ended])
        for ticket in ended:
            try:
                ticket.end(self._written(ticket))
            except Exception as problem:
                ticket.end(problem)

    def _has_ended(self, ticket: Ticket) -> bool:
        return ticket.tokens[-1] in self.model.end_tokens or len(ticket.tokens) >= ticket.request.max_new_tokens

    def _written(self, ticket: Ticket) -> Written:
        complete = ticket.tokens[-1] in self.model.end_tokens
        return Written(
            text=self.model.text(ticket.tokens[:-1] if complete else ticket.tokens),
            prompt_token_count=ticket.prompt_token_count,
            output_token_count=len(ticket.tokens),
            complete=complete,
            mean_token_probability=sum(ticket.probabilities) / len(ticket.probabilities),
        )

    def _keep(self, which: list[int]) -> None:
        if len(which) == len(self._active):
            return
        self._rows = self.model.keep(self._rows, which) if which else None
        self._active = [self._active[row] for row in which]
