"""How long the descriptions of a part will still take, from what is written of them so far."""

from __future__ import annotations

from collections.abc import Iterable

from services.vlm.ticket import Ticket


def written_share(tickets: Iterable[Ticket]) -> float:
    """Share of the tokens that may be written which are, [0, 1]; a text that has ended counts as all of its own."""
    shares = [1.0 if ticket.done else len(ticket.tokens) / ticket.request.max_new_tokens for ticket in tickets]
    return sum(shares) / len(shares) if shares else 0.0


class Pace:
    """How fast texts are written, from the first token on: what comes before it is looking, not writing."""

    def __init__(self) -> None:
        self._began_s: float | None = None
        self._began_share = 0.0

    def left_s(self, now_s: float, share: float) -> float | None:
        """Seconds left at the pace so far, None where it is not known yet. Texts may end early: rather less than more.

        `share` is written at now_s, of any clock. Called often: the first call that sees a token begins the pace.
        """
        if share <= 0:
            return None
        if self._began_s is None:
            self._began_s, self._began_share = now_s, share
        written = share - self._began_share
        return (now_s - self._began_s) * (1.0 - share) / written if written > 0 else None
