"""The GPU benchmark's own bookkeeping: nothing measured is lost, nothing missing is made up."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the vlm extra is not installed")

from bench import vlm_gpu
from bench.vlm_gpu import Record, fastest, verdict

RATES = {"clip_s": 3.0, "batched_over_one_at_a_time": 11.0}
PHASES = {"vision_roofline_s": 0.2, "prefill_roofline_s": 0.1}
STEP = {"step_roofline_s": 0.7 / 63}


def test_without_a_gpu_it_says_so_and_ends_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["vlm_gpu", "--json", str(tmp_path / "figures.json")])
    assert vlm_gpu.main() == 0
    assert capsys.readouterr().out == "no GPU on this machine: nothing measured\n"
    assert not (tmp_path / "figures.json").exists()


def test_each_figure_is_on_disk_before_the_next_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    record = Record(path, budget_s=60)
    place = record.figures["results"].setdefault("2b", {})
    record.add(place, "first", lambda: 1.0)
    record.add(place, "second", lambda: json.loads(path.read_text())["results"]["2b"]["first"] + 1)
    assert json.loads(path.read_text())["results"]["2b"] == {"first": 1.0, "second": 2.0}


def test_a_figure_that_fails_says_how_and_leaves_the_others() -> None:
    record = Record(None, budget_s=60)
    place: dict[str, object] = {}
    record.add(place, "failing", lambda: 1 / 0)
    record.add(place, "fine", lambda: 2.0)
    assert place == {"failing": {"failed": "ZeroDivisionError: division by zero"}, "fine": 2.0}


def test_what_there_is_no_time_for_is_unmeasured() -> None:
    place: dict[str, object] = {}
    Record(None, budget_s=10).add(place, "late", lambda: pytest.fail("it was measured all the same"))
    assert place == {"late": {"unmeasured": "no time left"}}


def test_each_wanted_figure_is_judged() -> None:
    judged = verdict({"rates": RATES, "phases_at_49": PHASES, "step_at_49": STEP}, "rates")
    assert {name: one["reached"] for name, one in judged.items()} == {
        "batched_over_one_at_a_time": False,
        "time_over_roofline": True,
        "clip_s": True,
    }
    assert judged["time_over_roofline"]["measured"] == pytest.approx(3.0)


def test_nothing_is_judged_on_figures_that_are_not_there() -> None:
    with pytest.raises(KeyError):
        verdict({"rates": {"failed": "out of memory"}, "phases_at_49": PHASES, "step_at_49": STEP}, "rates")


def test_the_fastest_arm_is_named_beside_the_default() -> None:
    arms = {"rates": {"clip_s": 4.0}, "recorded_rates": {"clip_s": 3.0}, "compiled_rates": {"failed": "no compiler"}}
    found = fastest(arms | {"step_at_49": {"step_s": 0.02}, "recorded_step_at_49": {"step_s": 0.03}})
    assert (found["clip"], found["step"]) == ("recorded_rates", "step_at_49")
    assert found["clip_over_default"] == {"rates": 1.0, "recorded_rates": 0.75}


def test_every_line_of_it_runs_on_a_cpu_with_a_tiny_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A rehearsal: figures mean nothing, but none may be missing but FlashAttention's, which needs a GPU."""
    pytest.importorskip("bitsandbytes", reason="the vlm extra is not installed")
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr(vlm_gpu, "SEGMENT_COUNT", 3)
    monkeypatch.setattr(vlm_gpu, "LOOP_COUNT", 1)
    monkeypatch.setattr(vlm_gpu, "BATCHES", (2,))
    monkeypatch.setattr("bench.common.random_qwen2vl.FRAMES_SHAPE", (4, 168, 112, 3))
    path = tmp_path / "figures.json"
    monkeypatch.setattr(sys, "argv", ["vlm_gpu", "--shape", "tiny", "--json", str(path), "--budget-s", "600"])
    assert vlm_gpu.main() == 0
    figures = json.loads(path.read_text())["results"]["tiny"]
    missing = {name: found for name, found in figures.items() if isinstance(found, dict) and "failed" in found}
    assert missing == {}
    assert [name for name, found in figures.items() if "unmeasured" in str(found)] == ["flash_attention_rates"]
    assert figures["still_compiled"]["steps"] > 0
