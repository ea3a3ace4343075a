"""Which waiting segments join the batch next: decided on lengths alone."""

from __future__ import annotations

from collections.abc import Sequence

LENGTH_RATIO = 1.5
"""Segments are joined in one prefill while the longest has at most this many times the tokens of the shortest:
padding then wastes at most a third."""


def admitted(
    waiting: Sequence[int], active: Sequence[int], *, row_limit: int, token_limit: int | None = None
) -> list[int]:
    """Positions in `waiting` (token counts, oldest first) that may join the `active` rows now, in order.

    The oldest goes first, so none is overtaken for ever; others join it if they are of similar length. The batch is as
    wide as its longest row: rows x longest <= token_limit. Alone, any segment may run.

    >>> admitted([500, 520, 2000, 510], [], row_limit=3)
    [0, 1, 3]
    """
    chosen: list[int] = []
    for position, length in enumerate(waiting):
        group = [waiting[other] for other in chosen] + [length]
        rows = [*active, *group]
        alone = len(rows) == 1
        fits = token_limit is None or len(rows) * max(rows) <= token_limit
        if len(rows) <= row_limit and (alone or (fits and max(group) <= LENGTH_RATIO * min(group))):
            chosen.append(position)
        elif not chosen:
            break
    return chosen
