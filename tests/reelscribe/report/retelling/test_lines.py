"""A made report retold: every kind of evidence in the line of its second, and nothing twice."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from gateway.content import FINDERS
from reelscribe.report.retelling import lines
from reelscribe.report.retelling.lines import retell, second_lines
from reelscribe.v1.analysis_pb2 import ShortfallCause
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Reason, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import StreamKind
from reelscribe.v1.story_pb2 import Verdict
from services.common.errors import InvalidInput
from tests.reelscribe.report.made import LENGTH_S, found, report, result, story

LINES = second_lines(story())


def test_every_second_has_a_line():
    assert [line.split()[0] for line in LINES] == [f"0:{second:02d}" for second in range(int(LENGTH_S))]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (0, "shot 1, 4.00"),
        (0, "camera: pan right"),
        (0, "setting: grass 60"),
        (0, "colours: green, light blue"),
        (0, "in frame: dog (left)"),
        (0, "A dog runs across a meadow."),
        (0, "title, upper middle: “HUND & <Katze>” until 0:03.5"),
        (0, "music at 120 beats per minute"),
        (0, "story: hook"),
        (0, "“a cat” against “dog”"),
        (1, "dog moves to the right"),
        (1, "speaker 1 says: “Das ist”"),
        (2, "speaker 1 says: “ein Hund.”"),
        (3, "pause until 0:04.5"),
        (4, "hard cut at 0:04.00"),
        (4, "scene 2"),
        (4, "medium shot"),
        (4, "in frame: person 2 (middle)"),
        (4, "key moment (cut)"),
        (5, "person 2: waving 0:05.0–0:06.5"),
        (7, "stressed: “Katze,”"),
        (8, "dissolve 0:08.0–0:08.4"),
        (8, "shot 3"),
        (9, "heard: bark 0:09.6–0:10.2"),
        (10, "call to action (follow): “Folgt mir”"),
    ],
)
def test_a_line_says_what_begins_in_its_second(second: int, words: str):
    plain = [line.replace("\N{NARROW NO-BREAK SPACE}", " ") for line in LINES]
    assert words in plain[second]
    assert sum(words in line for line in plain) == 1


def test_what_goes_on_is_not_said_again():
    assert LINES[11].endswith("nothing new")


def test_a_sound_that_was_heard_to_begin_is_told_once():
    """The event's beginning, not the tagger's window."""
    assert sum(line.count("bark") for line in LINES) == 1


def test_who_ends_with_the_shot_does_not_leave():
    assert "no longer seen" not in "\n".join(LINES)


def test_who_leaves_within_a_shot_does():
    made = story()
    made.results[3].findings[1].span.end_offset.CopyFrom(found("", 0, 6.5).span.end_offset)
    assert "no longer seen: person 2" in second_lines(made)[6]


def test_the_end_says_how_complete_it_is_and_what_is_lacking():
    end = retell(story()).rpartition("\n\n")[2]
    assert end.startswith("Completeness 55")
    assert "−4.0 points: 10" in end
    assert "−22.0 points" in end
    assert "−13.3 points: 67" in end
    assert "eye tracking: the weights are not installed" in end
    assert "reelscribe models pull face-mesh" in end


def test_points_lost_and_the_score_make_a_hundred():
    text = retell(story())
    lost = [float(value) for value in re.findall(r"−([\d.]+) points", text)]
    assert 100 - sum(lost) == pytest.approx(40 * 0.9 + 40 * 0.45 + 20 / 3, abs=0.2)


def test_german_says_the_same_things():
    german = second_lines(story(), "de")
    assert len(german) == len(LINES)
    assert "harter Schnitt bei 0:04,00" in german[4]
    assert "Stimme 1 sagt: „Das ist“" in german[1]
    assert german[11].endswith("nichts Neues")


def test_both_languages_have_the_same_phrases():
    package = files("reelscribe.report.retelling")
    english, german = (tomllib.loads((package / f"{name}.toml").read_text()) for name in ("en", "de"))
    assert _keys(english) == _keys(german)
    assert _facts(english) == _facts(german)


def _keys(table: dict) -> set[str]:
    return {f"{key}.{name}" for key, value in table.items() for name in (value if isinstance(value, dict) else [""])}


def _facts(table: dict) -> dict[str, list[str]]:
    texts = {key: value if isinstance(value, str) else " ".join(value.values()) for key, value in table.items()}
    return {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in texts.items()}


def test_another_language_is_refused():
    with pytest.raises(InvalidInput):
        retell(story(), "fr")


def test_a_report_without_findings_says_nothing_new_and_invents_nothing():
    lines = second_lines(report())
    assert len(lines) == int(LENGTH_S)
    assert all(line.endswith("nothing new") for line in lines)


def test_what_is_told_by_name_only_is_told_of_whom():
    blink = found("blink", 1.0, 1.2, subject={"face_id": 3})
    assert "face 3: blink" in second_lines(report(result("eye_tracking", blink)))[1]


def test_every_kind_that_can_be_missing_and_every_cause_has_words():
    made = story()
    for kind in FINDERS:
        for cause in ShortfallCause.values():
            made.completeness.shortfalls.add(kind=kind, cause=cause, missing_second_count=7)
    for language in ("en", "de"):
        end = retell(made, language).rpartition("\n\n")[2]
        assert end.count(" 7 s") == len(FINDERS) * len(ShortfallCause.values())
    assert "7 s without text on screen: looked for, found nowhere" in retell(made)


def test_a_kind_of_evidence_that_nobody_here_knows_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lines, "TOLD", lines.TOLD - {"tempo"})
    monkeypatch.setattr(lines, "MAKERS", (lines.others,))
    assert lines.second_lines(story())[0].endswith("tempo")


def test_stretches_of_sound_are_heard_and_speech_is_told_by_its_words():
    made = story()
    made.results.append(
        result(
            "audio_analysis_again",
            found("music", 2.0, 6.0, sound_span={"level_dbfs": -20.0}),
            found("speech", 1.0, 3.0, sound_span={"level_dbfs": -20.0}),
        )
    )
    told = second_lines(made)
    assert "heard: music until 0:06.0" in told[2]
    assert not any("heard: speech" in line or "; speech" in line for line in told)


def test_how_loud_the_clip_is_stands_in_its_head():
    assert retell(story()).splitlines()[0].endswith("with sound, −14.0 LUFS")


def test_that_a_single_voice_takes_its_turn_is_not_told():
    turn = found("speaker_turn", 1.0, 3.0, subject={"speaker_id": 1})
    assert second_lines(report(result("speaker_turns", turn)))[1].endswith("nothing new")


def test_what_else_the_tagger_called_a_sound_is_not_told_as_another():
    made = report(
        result("sound_effects", found("dog", 2.8, 3.5, sound_event={"peak_dbfs": -5.0, "alternatives": ["bark"]})),
        result(
            "audio_environment",
            found("bark", 2.2, 4.0, scores={"values": [0.9]}),
            stream=StreamKind.STREAM_KIND_SAMPLES,
        ),
    )
    assert "".join(second_lines(made)).count("bark") == 1
    assert "heard: dog 0:02.8–0:03.5 (or bark)" in second_lines(made)[2]


def test_who_turns_within_a_second_does_so_in_order():
    bodies = [
        found(f"facing_{way}", at, at + 0.4, subject={"track_id": 3}, body={"frame_count": 2})
        for way, at in (("left", 1.0), ("camera", 1.5))
    ]
    held = found("standing", 1.6, 2.0, subject={"track_id": 3}, body={"frame_count": 2})
    line = second_lines(report(result("body_pose", *bodies, held)))[1]
    assert "person 3: standing, facing left, then facing camera" in line


def test_a_description_tells_who_where_and_what_is_done():
    told = {"content": "A cat naps.", "who": "a cat", "place": "a sofa", "structured": True, "prompt_name": "en.v2"}
    again = {"content": "A cat naps.", "repeated": True, "repeated_offset": {"seconds": 1}}
    lines = second_lines(
        report(
            result("vlm", found("description", 1, 4, description=told), found("description", 4, 7, description=again))
        )
    )
    assert "a model describes: A cat naps. Who: a cat. Where: a sofa." in lines[1]
    assert "described as at 0:01.0" in lines[4]


def test_a_title_that_nobody_says_is_no_news_and_a_sound_that_nobody_sees_is():
    def check(topic: str, claim: str, counterpart: str) -> Finding:
        sides = {"verdict": Verdict.VERDICT_UNCONFIRMED, "topic": topic, "claim": claim, "counterpart": counterpart}
        return found(topic, 1, 2, cross_check=sides)

    checks = check("title_and_speech", "FACTS", "well"), check("heard_and_seen", "bark, bow wow", "no dog")
    made = report(result("cross_analyzer_intelligence", *checks))
    assert second_lines(made)[1] == "0:01  heard, not seen: bark, bow wow"
    assert second_lines(made, "de")[1] == "0:01  zu hören, nicht zu sehen: Bellen, Wau-wau"


def test_analyzers_that_did_not_look_for_one_reason_share_a_line():
    reason = Reason(code="no_video_stream", message="the file has no video stream")
    blind = [
        AnalyzerResult(analyzer=name, status=Status.STATUS_SKIPPED, reason=reason)
        for name in ("cut_analysis", "body_pose")
    ]
    assert "  cut analysis, body pose: the file has no video stream" in retell(report(*blind))
    assert "  Schnittanalyse, Körperhaltung: die Datei hat keine Bilder" in retell(report(*blind), "de")
