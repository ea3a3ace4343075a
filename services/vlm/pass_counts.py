"""How often the engine called the model, and with how much: what tests and logs can see of batching."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class PassCounts:
    """How the model was called: rows of a pass -> passes of that size."""

    prefill_sizes: Counter[int] = field(default_factory=Counter)
    step_sizes: Counter[int] = field(default_factory=Counter)
    out_of_memory_count: int = 0
