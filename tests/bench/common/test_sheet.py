from __future__ import annotations

import json
from pathlib import Path

from bench.common.pairs import interleaved, ratio
from bench.common.sheet import Sheet, markdown


def test_what_is_printed_is_written(tmp_path: Path):
    sheet = Sheet(benchmark="some", title="a title", tiny=True)
    sheet.table("Times", [{"arm": "a", "wall_s": 1.2345}, {"arm": "b", "wall_s": None}])
    sheet.goal("ratio", 1.5, ">=", 2.0)
    sheet.goal("not taken", None, "<=", 2.0)
    told = json.loads(sheet.write(tmp_path).read_text())
    assert told["tables"][0]["columns"] == ["arm", "wall_s"]
    assert [goal["reached"] for goal in told["goals"]] == [False, None]
    assert "| a   |   1.23 |" in sheet.text()


def test_a_column_of_numbers_stands_to_the_right():
    table = markdown(["name", "count"], [{"name": "long name", "count": 7}])
    assert table.splitlines() == ["| name      | count |", "| --------- | ----: |", "| long name |     7 |"]


def test_arms_take_turns():
    order: list[str] = []
    interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 3)
    assert order == ["a", "b", "b", "a", "a", "b"]


def test_a_ratio_is_taken_within_each_turn():
    taken = ratio([2.0, 30.0, 4.0], [1.0, 10.0, 4.0])
    assert (taken.median, taken.lowest, taken.highest) == (2.0, 1.0, 3.0)
