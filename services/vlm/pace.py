"""How long the descriptions of a part will still take, from what is written of them so far."""

from __future__ import annotations

from collections.abc import Iterable

from services.vlm.ticket import Ticket


def written_share(tickets: Iterable[Ticket]) -> float:
    """Share of the tokens that may be written which are, [0, 1]; a text that has ended counts as all of its own."""
    shares = [1.0 if ticket.done else len(ticket.tokens) / ticket.request.max_new_tokens for ticket in tickets]
    return sum(shares) / len(shares) if shares else 0.0


def left_s(elapsed_s: float, share: float) -> float | None:
    """Seconds left at the pace so far, None where nothing is written yet. Texts may end early: rather less than more.

    >>> left_s(30.0, 0.25)
    90.0
    """
    return elapsed_s * (1.0 - share) / share if share > 0 else None
