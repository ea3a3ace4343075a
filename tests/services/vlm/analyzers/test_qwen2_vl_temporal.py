"""Descriptions of a part: placed, ordered, in the chosen language, honest about repetition and cost."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from reelscribe.v1.finding_pb2 import Finding
from services.common.device import Device
from services.common.errors import Cancelled, InvalidSetting, LibraryNotInstalled, WeightsNotInstalled
from services.common.time import seconds, span_s
from services.common.window import Window
from services.vlm.analyzers.qwen2_vl_temporal import NEED, Qwen2VlTemporal
from services.vlm.engine import Engine
from services.vlm.prompts import load_prompt
from services.vlm.qwen2_vl import Qwen2Vl
from services.vlm.segment_model import Request, TokenCapExceeded
from tests.services.vlm.script_model import ScriptModel
from tests.tiny_qwen2vl import install_as
from tests.windows import findings_of, part_of, windows_of_file, windows_of_frames

Told = Callable[..., list[Finding]]


@pytest.fixture
def engine_of(device: Device) -> Iterator[Callable[..., Engine]]:
    """Engines over given models, closed at the end."""
    engines: list[Engine] = []

    def make(model: object, **limits: int) -> Engine:
        engines.append(Engine(model, device=device, **limits))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture
def told(engine_of: Callable[..., Engine]) -> Told:
    """What the analyzer tells of windows when the model writes by a script."""

    def tell(script: Callable[[Request], str], windows: Iterator[Window], **settings: object) -> list[Finding]:
        return findings_of(Qwen2VlTemporal(engine=engine_of(ScriptModel(script))), windows, **settings)

    return tell


def clip(duration_s: float, rate_hz: float = 8.0, size: tuple[int, int] = (56, 84)) -> Iterator[Window]:
    """Frames whose grey level is 10 x the second they are shown in."""
    times_s = [i / rate_hz for i in range(round(duration_s * rate_hz))]
    frames = [np.full((*size, 3), 10 * int(time_s), dtype=np.uint8) for time_s in times_s]
    return windows_of_frames(frames, times_s, duration_s, (NEED,))


def second_of(request: Request) -> int:
    return int(request.frames[0][0, 0, 0]) // 10


def by_second(*texts: str) -> Callable[[Request], str]:
    return lambda request: texts[second_of(request)]


NOUNS = ("dog", "cat", "car", "tree", "boat", "house", "child", "bird")


def a_new_thing(request: Request) -> str:
    return f"A {NOUNS[second_of(request)]} appears."


def test_every_second_is_described_at_its_own_time(told: Told) -> None:
    found = told(a_new_thing, clip(3.5))
    assert [span_s(finding.span) for finding in found] == [(0, 1), (1, 2), (2, 3), (3, 3.5)]
    assert [finding.description.content for finding in found] == [f"A {noun} appears." for noun in NOUNS[:4]]
    assert [finding.description.frame_count for finding in found] == [4, 4, 4, 2]
    assert {finding.label for finding in found} == {"description"}


def test_there_is_no_confidence(told: Told) -> None:
    assert not any(finding.HasField("confidence") for finding in told(a_new_thing, clip(3.0)))


def test_tokens_in_and_out_are_in_the_finding(told: Told) -> None:
    prompt = load_prompt("en")
    words = len(f"{prompt.system} {prompt.ask}".split())
    (found,) = told(a_new_thing, clip(1.0))
    assert found.description.prompt_token_count == words + 2 * 2 * 3  # two pairs of 56 x 84 px
    assert found.description.output_token_count == 4  # three words and the end mark


def test_segments_have_the_length_and_overlap_that_settings_say(told: Told) -> None:
    found = told(a_new_thing, clip(4.0), segment_s=2.0, overlap_s=1.0, frames_per_segment=8)
    assert [span_s(finding.span) for finding in found] == [(0, 2), (1, 3), (2, 4)]
    assert [finding.description.frame_count for finding in found] == [8, 8, 8]


def test_no_prompt_holds_an_earlier_text(engine_of: Callable[..., Engine]) -> None:
    model = ScriptModel(lambda request: f"UNHEARD {NOUNS[second_of(request)]}")
    findings_of(Qwen2VlTemporal(engine=engine_of(model)), clip(5.0))
    prompt = load_prompt("en")
    assert {(asked.system, asked.ask) for asked in model.asked} == {(prompt.system, prompt.ask)}


def test_german_is_asked_for_in_german(engine_of: Callable[..., Engine]) -> None:
    model = ScriptModel(by_second("Ein Hund rennt über die Straße."))
    (found,) = findings_of(Qwen2VlTemporal(engine=engine_of(model)), clip(1.0), language_code="de")
    assert model.asked[0].ask == load_prompt("de").ask
    assert found.description.language_code == "de"
    assert found.description.content == "Ein Hund rennt über die Straße."


def test_a_repeated_text_is_asked_for_once_more_and_marked_if_it_stays(told: Told) -> None:
    found = told(by_second("A dog runs.", "A dog runs.", "The dog barks."), clip(3.0))
    assert [finding.description.repeated for finding in found] == [False, True, False]
    assert [finding.description.content for finding in found] == ["A dog runs.", "A dog runs.", "The dog barks."]
    assert found[1].description.output_token_count == 2 * found[0].description.output_token_count


def test_a_second_answer_that_says_something_new_is_taken(told: Told) -> None:
    again = load_prompt("en").ask_again

    def script(request: Request) -> str:
        return "Its tail wags." if request.ask == again else "A dog sits."

    found = told(script, clip(2.0))
    assert [(finding.description.content, finding.description.repeated) for finding in found] == [
        ("A dog sits.", False),
        ("Its tail wags.", False),
    ]


def test_no_segment_is_asked_more_than_twice(engine_of: Callable[..., Engine]) -> None:
    model = ScriptModel(lambda request: "Nothing moves.")
    found = findings_of(Qwen2VlTemporal(engine=engine_of(model)), clip(6.0))
    assert [finding.description.repeated for finding in found] == [False] + [True] * 5
    assert len(model.asked) == 6 + 5


def test_a_text_said_long_before_is_found_too_and_named_by_its_time(told: Told) -> None:
    found = told(by_second("A man speaks.", "A woman listens.", "A man speaks."), clip(3.0))
    assert [finding.description.repeated for finding in found] == [False, False, True]
    assert seconds(found[2].description.repeated_offset) == 0.0
    assert not found[1].description.HasField("repeated_offset")
    assert [finding.description.attempt_count for finding in found] == [1, 1, 2]


def test_a_text_that_runs_in_circles_is_asked_for_again(told: Told) -> None:
    again = load_prompt("en").ask_again

    def script(request: Request) -> str:
        return "A cat sleeps." if request.ask == again else "a cat and " * 20

    (found,) = told(script, clip(1.0))
    assert (found.description.content, found.description.looped) == ("A cat sleeps.", False)
    assert found.description.attempt_count == 2


def test_a_text_that_still_runs_in_circles_is_cut_and_marked(told: Told) -> None:
    (found,) = told(by_second("a cat and " * 20), clip(1.0), max_new_tokens=30)
    assert (found.description.content, found.description.looped) == ("a cat and", True)


def in_form(*, what: str, who: str = "a dog", where: str = "a street", action: str = "none") -> str:
    """In one line, because the script model's words are parted by spaces."""
    return f"WHAT: {what} WHO: {who} WHERE: {where} ACTION: {action}"


def test_what_who_where_and_action_are_taken_apart(told: Told) -> None:
    (found,) = told(by_second(in_form(what="A dog runs.", action="running")), clip(1.0))
    told_of = found.description
    assert told_of.structured
    assert (told_of.content, told_of.happening) == ("A dog runs.", "A dog runs.")
    assert (told_of.who, told_of.place, told_of.action) == ("a dog", "a street", "running")


def test_german_is_taken_apart_by_german_labels(told: Told) -> None:
    text = "WAS: Ein Hund rennt. WER: ein Hund WO: nichts AKTION: rennt über die Straße"
    (found,) = told(by_second(text), clip(1.0), language_code="de")
    told_of = found.description
    assert (told_of.structured, told_of.language_code, told_of.prompt_name) == (True, "de", "de.v2")
    assert (told_of.happening, told_of.who, told_of.place) == ("Ein Hund rennt.", "ein Hund", "")
    assert told_of.action == "rennt über die Straße"


def test_where_the_form_is_not_kept_the_words_are_and_the_fields_stay_empty(told: Told) -> None:
    (found,) = told(by_second("A dog runs. WHO: a dog"), clip(1.0))
    told_of = found.description
    assert (told_of.content, told_of.structured) == ("A dog runs. WHO: a dog", False)
    assert not any((told_of.happening, told_of.who, told_of.place, told_of.action))


def test_the_same_dog_in_the_same_street_is_no_repetition(told: Told) -> None:
    found = told(by_second(in_form(what="A dog runs."), in_form(what="It sits down.")), clip(2.0))
    assert [finding.description.attempt_count for finding in found] == [1, 1]


def test_the_first_prompt_can_still_be_asked_for(engine_of: Callable[..., Engine]) -> None:
    model = ScriptModel(by_second("A dog runs."))
    (found,) = findings_of(Qwen2VlTemporal(engine=engine_of(model)), clip(1.0), prompt_version="v1")
    assert model.asked[0].ask == load_prompt("en", "v1").ask
    assert (found.description.prompt_name, found.description.structured) == ("en.v1", False)


def test_times_the_model_speaks_of_move_nothing(told: Told) -> None:
    found = told(by_second("At 0:41 a dog runs.", "From 00:07 to 00:09 it sits."), clip(2.0))
    assert [span_s(finding.span) for finding in found] == [(0, 1), (1, 2)]


def test_how_it_was_asked_is_in_the_finding(told: Told) -> None:
    (found,) = told(a_new_thing, clip(1.0, size=(640, 360)))
    prompt = load_prompt("en")
    assert (found.description.prompt_name, found.description.prompt_sha256) == ("en.v2", prompt.sha256)
    assert (found.description.frame_width_px, found.description.frame_height_px) == (336, 588)
    assert found.description.attempt_count == 1


def test_the_probability_is_that_of_the_tokens_and_named_so(told: Told) -> None:
    (found,) = told(a_new_thing, clip(1.0))
    # The script gives the word it wants a logit of 1 and 999 others one of 0.
    assert found.description.mean_token_probability == pytest.approx(np.e / (np.e + 999), rel=1e-5)
    assert not found.HasField("confidence")


def test_who_waits_long_is_told_how_far_it_is(
    engine_of: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.vlm.telling.TOLD_EVERY_S", 0.0)
    model = ScriptModel(a_new_thing)
    model.may_step.clear()
    analyzer = Qwen2VlTemporal(engine=engine_of(model))
    with capture_logs() as logs:
        part = part_of(analyzer)
        object.__setattr__(part, "count_processed", lambda count: model.may_step.set())
        list(analyzer.analyze(part, clip(2.0)))
    (first, *_) = [line for line in logs if line["event"] == "describing"]
    assert first["segments"] == "0 of 2"
    assert first["left"] == "unknown yet" or first["left"].startswith("at most about ")


def test_a_text_that_was_cut_short_shows_it(told: Told) -> None:
    (found,) = told(by_second("A dog runs over the street."), clip(1.0), max_new_tokens=3)
    assert found.description.content == "A dog runs…"


def test_where_the_model_writes_nothing_nothing_is_reported(told: Told) -> None:
    found = told(by_second("A dog.", "", "A cat."), clip(3.0))
    assert [finding.description.content for finding in found] == ["A dog.", "A cat."]


def test_no_windows_nothing_to_tell(told: Told) -> None:
    assert told(a_new_thing, iter(())) == []


def test_over_the_token_cap_is_refused_with_what_to_change(told: Told) -> None:
    with pytest.raises(TokenCapExceeded, match="lower frames_per_segment or max_pixels, or raise max_prompt_tokens"):
        told(a_new_thing, clip(1.0, size=(640, 360)), max_prompt_tokens=200)


def test_findings_come_while_later_windows_are_still_missing(engine_of: Callable[..., Engine]) -> None:
    model = ScriptModel(a_new_thing)
    analyzer = Qwen2VlTemporal(engine=engine_of(model))
    told_first = threading.Event()

    def windows() -> Iterator[Window]:
        source = clip(4.0)
        yield next(source)
        assert model.written.wait(60)
        # What is written comes out with one of the next windows, before the last is there.
        yield next(source)
        yield next(source)
        assert told_first.wait(60)
        yield from source

    telling = analyzer.analyze(part_of(analyzer), windows())
    next(telling)
    told_first.set()
    assert len(list(telling)) == 3


def test_it_reads_no_further_ahead_than_two_batches(engine_of: Callable[..., Engine]) -> None:
    model = ScriptModel(lambda request: f"Picture {request.frames[0][0, 0, 0]}.")
    model.may_step.clear()
    engine = engine_of(model, row_limit=2)
    taken: list[int] = []

    def windows() -> Iterator[Window]:
        for window in clip(12.0):
            taken.append(window.index)
            yield window

    part = part_of(Qwen2VlTemporal(engine=engine))
    looked: list[int] = []

    def look_around(count: int) -> None:
        looked.append(len(taken))
        model.may_step.set()

    object.__setattr__(part, "count_processed", look_around)
    assert len(list(Qwen2VlTemporal(engine=engine).analyze(part, windows()))) == 12
    # Before the first text was there, two batches of two and the segment that was one too many.
    assert looked[0] <= 6
    assert max(engine.counts.step_sizes) == 2


def test_two_videos_are_written_in_one_batch(engine_of: Callable[..., Engine]) -> None:
    model = ScriptModel(a_new_thing)
    model.may_step.clear()
    engine = engine_of(model, row_limit=8)
    analyzer = Qwen2VlTemporal(engine=engine)
    found: dict[str, list[Finding]] = {}

    def analyze(name: str, duration_s: float) -> None:
        found[name] = findings_of(analyzer, clip(duration_s))

    threads = [threading.Thread(target=analyze, args=work) for work in (("long", 5.0), ("short", 2.0))]
    for thread in threads:
        thread.start()
    deadline_s = time.monotonic() + 60
    while len(model.asked) + len(engine._waiting) < 7 and time.monotonic() < deadline_s:
        time.sleep(0.01)  # nothing tells when the other thread has submitted its last segment
    model.may_step.set()
    for thread in threads:
        thread.join(60)
    assert (len(found["long"]), len(found["short"])) == (5, 2)
    assert max(engine.counts.step_sizes) == 7


def test_a_cancelled_part_frees_its_place(engine_of: Callable[..., Engine]) -> None:
    model = ScriptModel(lambda request: "word " * 500)
    engine = engine_of(model)
    analyzer = Qwen2VlTemporal(engine=engine)

    def cancelled_windows() -> Iterator[Window]:
        source = clip(3.0)
        yield next(source)
        assert model.stepped.wait(60)
        raise Cancelled

    with pytest.raises(Cancelled):
        findings_of(analyzer, cancelled_windows(), max_new_tokens=600)
    model._script = a_new_thing
    assert len(findings_of(analyzer, clip(2.0))) == 2
    assert repr(engine) == "Engine(0 active, 0 waiting, at most 8 rows)"


def test_a_part_that_is_cancelled_while_the_last_text_is_written_ends(engine_of: Callable[..., Engine]) -> None:
    model = ScriptModel(a_new_thing)
    model.may_step.clear()
    analyzer = Qwen2VlTemporal(engine=engine_of(model))

    def stop(count: int) -> None:
        raise Cancelled

    part = part_of(analyzer)
    object.__setattr__(part, "count_processed", stop)
    with pytest.raises(Cancelled):
        list(analyzer.analyze(part, clip(1.0)))
    model.may_step.set()


def test_each_frame_counts_once_however_often_it_is_shown(engine_of: Callable[..., Engine]) -> None:
    analyzer = Qwen2VlTemporal(engine=engine_of(ScriptModel(a_new_thing)))
    counted: list[int] = []
    part = part_of(analyzer, segment_s=2.0, overlap_s=1.0, frames_per_segment=8)
    object.__setattr__(part, "count_processed", counted.append)
    list(analyzer.analyze(part, clip(4.0)))
    assert sum(counted) == 16


@pytest.mark.parametrize(
    "wrong",
    [
        {"frames_per_segment": 3},
        {"frames_per_segment": 8},
        {"overlap_s": 1.0},
        {"language_code": "fr"},
        {"segment_s": 0.1},
        {"recorded_steps": True, "backend": "vllm"},
        {"recorded_steps": True, "attention": "flash_attention_2"},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Qwen2VlTemporal.Settings(**wrong)


def test_a_request_cannot_choose_another_model(told: Told) -> None:
    with pytest.raises(InvalidSetting, match="model is 'qwen2-vl-2b' on this service"):
        told(a_new_thing, clip(1.0), model="qwen2-vl-7b")


def test_without_weights_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, device: Device) -> None:
    pytest.importorskip("transformers", reason="the vlm extra is not installed")
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    with pytest.raises(WeightsNotInstalled) as missing:
        Qwen2VlTemporal().load(device)
    assert missing.value.fix == "reelscribe models pull qwen2-vl-2b"


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, device: Device) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(LibraryNotInstalled) as missing:
        Qwen2VlTemporal().load(device)
    assert missing.value.fix == "pip install 'reelscribe[vlm]'"


def test_with_installed_weights_it_loads_them_and_names_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_checkpoint: Path, device: Device
) -> None:
    home = install_as("qwen2-vl-2b", tiny_checkpoint, tmp_path)
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    analyzer = Qwen2VlTemporal(Qwen2VlTemporal.Settings(precision="float32", max_new_tokens=4, batch_rows=3))
    analyzer.load(device)
    (used,) = analyzer.models
    largest = max(home.glob("*.safetensors"), key=lambda file: file.stat().st_size)
    assert (used.name, used.sha256) == ("qwen2-vl-2b", hashlib.sha256(largest.read_bytes()).hexdigest())
    assert (used.licence, used.device, used.precision) == ("Apache-2.0", "cpu", "float32")
    assert used.library.startswith("transformers ")
    assert len(findings_of(analyzer, clip(2.0))) == 2
    assert analyzer._engine.row_limit == 3
    analyzer._engine.close()


def test_a_real_clip_through_the_real_classes_with_random_weights(
    media_dir: Path, tiny_model: Qwen2Vl, device: Device, engine_of: Callable[..., Engine]
) -> None:
    engine = engine_of(tiny_model)
    analyzer = Qwen2VlTemporal(engine=engine)
    analyzer.load(device)
    clip_path = media_dir / "video" / "psd_counter.mp4"
    windows = list(windows_of_file(clip_path, analyzer))[:4]
    found = findings_of(analyzer, iter(windows), max_new_tokens=6, max_pixels=64 * 28 * 28)
    assert [span_s(finding.span)[1] for finding in found[:-1]] == pytest.approx(range(1, len(found)))
    assert span_s(found[-1].span)[1] == pytest.approx(windows[-1].end_s)
    assert all(finding.description.output_token_count > 0 for finding in found)
    assert max(engine.counts.step_sizes) > 1
