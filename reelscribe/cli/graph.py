"""Which percepts, renditions and weights each analyzer uses, drawn as a tree from the services' own declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.tree import Tree

from services.common.analyzer import Analyzer, Percept, needs_of
from services.common.window import Frames, Need

User = type[Analyzer] | type[Percept]


def graph(
    catalogue: Mapping[str, Sequence[type[Analyzer]]], reading: Mapping[str, Sequence[str]] | None = None
) -> Tree:
    """service -> analyzer -> the percepts it uses, and those they use; `reading`: insight -> analyzers it reads.

    A percept is computed once a part, whoever asks, and told in full where it comes first.
    """
    root = Tree("[bold]analyzers, and what they use[/]", guide_style="dim")
    for service, analyzers in catalogue.items():
        branch = root.add(f"[bold]{service}[/]")
        told: set[User] = set()
        for analyzer in analyzers:
            _add(branch, analyzer.name, analyzer, told)
    if reading:
        branch = root.add("[bold]gateway[/]")
        for insight, sources in reading.items():
            branch.add(f"{insight}  [dim]reads {', '.join(sources)}[/]")
    return root


def _add(branch: Tree, name: str, user: User, told: set[User]) -> None:
    if user in told:
        branch.add(f"{name}  [dim]see above[/]")
        return
    told.add(user)
    facts = [*map(need_text, needs_of(user)), *user.weights]
    node = branch.add(f"{name}  [dim]{', '.join(dict.fromkeys(facts))}[/]")
    for percept in user.uses:
        _add(node, percept.__name__, percept, told)
    for percept in user.also_uses if issubclass(user, Analyzer) else ():
        _add(node, f"{percept.__name__}, where it is installed", percept, told)


def default_weights(catalogue: Mapping[str, Sequence[type[Analyzer]]]) -> frozenset[str]:
    """Names of all weights that are loaded with default settings."""
    return frozenset(name for kinds in catalogue.values() for kind in kinds for name in _weights(kind))


def _weights(user: User) -> set[str]:
    return {*user.weights, *(name for percept in user.uses for name in _weights(percept))}


def need_text(need: Need) -> str:
    """ "every frame at 256 px", "2 frames/s at 1280 px", "sound at 16 kHz", "own sound up to 48 kHz × 6"."""
    if isinstance(need, Frames):
        rate = "every frame" if need.rate_hz is None else f"{need.rate_hz:g} frames/s"
        return f"{rate} at {f'{need.long_side_px} px' if need.long_side_px else 'native size'}"
    channels = "" if need.channel_count == 1 else f" × {need.channel_count}"
    words = "own sound up to" if need.native else "sound at"
    return f"{words} {need.sample_rate_hz / 1000:g} kHz{channels}"
