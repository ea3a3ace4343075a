"""What a benchmark hands over: tables on stdout and the same, with the machine and the conditions, as JSON."""

from __future__ import annotations

import argparse
import json
import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from bench.common.machine import Machine, machine

OUT_DIR = Path(__file__).resolve().parents[1] / "out"

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]
RELATIONS = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure beside what it is meant to reach. `measured` None: not measured in this run."""

    name: str
    measured: float | None
    relation: Literal["<=", ">=", "=="]
    wanted: float

    @property
    def reached(self) -> bool | None:
        """None if it was not measured."""
        return None if self.measured is None else bool(RELATIONS[self.relation](self.measured, self.wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of the same columns, which carry their units as suffixes."""

    title: str
    rows: Sequence[Row]

    @property
    def columns(self) -> list[str]:
        """In the order of the first row that has them."""
        return list(dict.fromkeys(column for row in self.rows for column in row))


@dataclass(slots=True, kw_only=True)
class Sheet:
    """Filled while a benchmark runs; `write` ends it."""

    benchmark: str
    title: str
    tiny: bool
    """The size of a test: the script is checked, nothing is measured."""
    conditions: dict[str, Cell | list[str]] = field(default_factory=dict)
    """What was warm, what the figures include and what not, sizes, counts of repetitions."""
    tables: list[Table] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    machine: Machine = field(default_factory=machine)
    """Made before the benchmark loads the machine itself."""

    def table(self, title: str, rows: Sequence[Row]) -> None:
        """Add a table."""
        self.tables.append(Table(title=title, rows=list(rows)))

    def goal(self, name: str, measured: float | None, relation: Literal["<=", ">=", "=="], wanted: float) -> None:
        """Add a figure and what it is meant to reach."""
        self.goals.append(Goal(name=name, measured=measured, relation=relation, wanted=wanted))

    def note(self, sentence: str) -> None:
        """Add what a reader of the figures must know."""
        self.notes.append(sentence)

    def write(self, out: Path) -> Path:
        """Print it all, and write the JSON into `out`; the file."""
        print(self.text(), flush=True)
        out.mkdir(parents=True, exist_ok=True)
        file = out / f"{self.benchmark}.json"
        file.write_text(json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n")
        print(f"written: {file}", flush=True)
        return file

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "benchmark": self.benchmark,
            "title": self.title,
            "tiny": self.tiny,
            "machine": asdict(self.machine),
            "conditions": self.conditions,
            "tables": [{"title": each.title, "columns": each.columns, "rows": list(each.rows)} for each in self.tables],
            "goals": [{**asdict(goal), "reached": goal.reached} for goal in self.goals],
            "notes": self.notes,
        }

    def text(self) -> str:
        """Markdown."""
        lines = [f"## {self.benchmark}: {self.title}", "", self._machine_line()]
        if self.tiny:
            lines.append("TINY: checks the script; these figures mean nothing.")
        for name, value in self.conditions.items():
            lines.append(f"- {name}: {'; '.join(value) if isinstance(value, list) else shown(value)}")
        for table in self.tables:
            lines += ["", f"**{table.title}**", "", markdown(table.columns, table.rows)]
        if self.goals:
            rows = [
                {
                    "figure": goal.name,
                    "measured": goal.measured,
                    "goal": f"{goal.relation} {goal.wanted:g}",
                    "reached": {True: "yes", False: "no", None: "not measured"}[goal.reached],
                }
                for goal in self.goals
            ]
            lines += ["", markdown(list(rows[0]), rows)]
        lines += ["", *(f"Note: {note}" for note in self.notes)]
        return "\n".join(lines)

    def _machine_line(self) -> str:
        here = self.machine
        busy = f"NOISY: load {here.load_at_start:g} at the start" if here.noisy else f"load {here.load_at_start:g}"
        threads = ", ".join(f"{name}={value}" for name, value in here.thread_variables.items()) or "no thread variables"
        return (
            f"{here.processor}, {here.core_count} of {here.cores_of_machine} cores, {here.memory_gib:g} GiB, "
            f"{here.system}, Python {here.python}; {threads}; {busy}"
        )


def markdown(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """A table that also reads well unrendered."""
    cells = [[shown(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(line[at]) for line in [list(columns), *cells]) for at in range(len(columns))]
    numeric = [bool(cells) and all(_is_number(row.get(column)) for row in rows) for column in columns]

    def line(texts: Sequence[str]) -> str:
        padded = (
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(texts, widths, numeric, strict=True)
        )
        return f"| {' | '.join(padded)} |"

    rule = [("-" * (width - 1) + ":") if right else "-" * width for width, right in zip(widths, numeric, strict=True)]
    return "\n".join([line(columns), line(rule), *(line(row) for row in cells)])


def shown(value: Cell) -> str:
    """A cell as a person reads it: three significant digits, all digits before the point.

    >>> [shown(each) for each in (1234.5, 3.14159, 0.00123, None, True)]
    ['1234', '3.14', '0.00123', '', 'yes']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        digits = 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
        return f"{value:.{digits}f}"
    return str(value)


def options(description: str, *, repeat: int, cores: int = 2) -> argparse.ArgumentParser:
    """The options all benchmarks share; `repeat` is the default number of pairs."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, default=OUT_DIR, help="folder of the JSON (default: bench/out)")
    parser.add_argument("--tiny", action="store_true", help="the smallest size: checks the script, measures nothing")
    parser.add_argument("--repeat", type=int, default=repeat, help=f"interleaved pairs (default: {repeat})")
    parser.add_argument("--cores", type=int, default=cores, help=f"cores to keep to (default: {cores})")
    parser.add_argument("--clip", type=Path, help="another clip than the German composite")
    return parser


def _is_number(value: Cell) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
