"""Half-written texts of one batch: what the model keeps of them between two steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.vlm.kv_cache import KvCache
from services.vlm.step_graph import StepGraph


@dataclass(slots=True, kw_only=True)
class Rows:
    """Half-written texts: what attention has seen of each row, padded on the left to one length."""

    cache: KvCache
    lengths: list[int]
    """Columns of each row of the cache that are no padding, counted from the last."""
    next_position: Any
    """(rows of the cache,) int64: rotary position of the next token."""
    slots: list[int]
    """The rows of the cache that are still written. Where steps are recorded, others stay until half have gone."""
    steady_count: int = 0
    graph: StepGraph | None = None


def compact(rows: Rows) -> None:
    """Only the rows that are still written, in their order, without padding that none of them needs."""
    lengths = [rows.lengths[slot] for slot in rows.slots]
    rows.cache.keep(rows.slots, first=rows.cache.length - max(lengths))
    rows.lengths = lengths
    rows.next_position = rows.next_position[rows.slots]
    rows.slots = list(range(len(lengths)))
    rows.steady_count, rows.graph = 0, None
