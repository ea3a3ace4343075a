"""How the page speaks."""

from __future__ import annotations

import re

import pytest

from reelscribe.report.page.words import LANGUAGES, words_of
from services.common.errors import InvalidInput
from services.vision.colors.names import VOCABULARY
from services.vision.face_attributes.emotion_network import EMOTIONS
from services.vision.motion.moves import LABELS as MOVES
from services.vision.products.categories import CATEGORIES
from services.vision.regions.voc import NAMES as VOC
from services.vision.regions.whereabouts import INDOOR, OUTDOOR
from services.vision.texts.kinds import LABELS as TEXT_KINDS
from tests.reelscribe.report import stories

EN, DE = (words_of(language) for language in LANGUAGES)

FIXED = {
    *VOCABULARY, *EMOTIONS, *MOVES, *CATEGORIES, *VOC, *INDOOR, *OUTDOOR, *TEXT_KINDS.values(),
    *(name for names in CATEGORIES.values() for name in names),
    "hard_cut", "dissolve", "fade_out", "fade_in", "gradual", "extreme_close_up", "close_up", "medium_close_up",
    "medium_shot", "medium_long_shot", "long_shot", "extreme_long_shot", "freeze_frame", "slow_motion", "flash",
    "grade_change", "zoom_punch", "split_screen", "picture_in_picture", "letterbox", "pillarbox", "overlay_graphic",
    "centred", "on_thirds", "off_grid", "no_subject", "symmetric", "standing", "sitting", "lying", "upright",
    "facing_camera", "facing_away", "facing_left", "facing_right", "raised_hand", "waving", "pointing", "still",
    "moving", "very_active", "looking_at_camera", "looking_left", "looking_right", "looking_up", "looking_down",
    "blink", "eyes_closed", "eyes_too_small", "indoor", "outdoor", "setting_change", "hook", "build_up", "climax",
    "ending", "agrees", "contradicts", "unconfirmed", "follow", "like", "share", "save", "comment", "link",
    "subscribe", "buy", "tag_friend", "notify", "message", "watch_next", "duet", "sign_up", "download", "wind_down",
    "body",
}  # fmt: skip
"""Labels that analyzers document; those of large vocabularies (AudioSet, ADE20K) in part."""


def placeholders(phrase: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", phrase))


def test_both_languages_have_the_same_phrases_with_the_same_facts():
    assert EN.phrases.keys() == DE.phrases.keys()
    assert {key for key in EN.phrases if placeholders(EN.phrases[key]) != placeholders(DE.phrases[key])} == set()


def test_every_fixed_label_has_a_german_word():
    assert {name for name in FIXED if name not in DE.labels} == set()


def test_every_analyzer_of_a_full_report_has_a_german_name():
    names = {result.analyzer for result in stories.full().results}
    assert {name for name in names if name not in DE.labels} == {"strange_analyzer", "quiet_analyzer"}


def test_what_has_no_word_is_shown_as_it_is():
    assert DE.label("didgeridoo_solo") == EN.label("didgeridoo_solo") == "didgeridoo solo"


def test_one_and_several_are_told_apart():
    assert DE.say("summary.shots", count=1) == "Er besteht aus einer einzigen Einstellung."
    assert DE.say("summary.shots", count=3) == "Er hat 3 Einstellungen."


def test_numbers_have_the_language_s_mark_and_a_true_minus():
    assert EN.number(-1234.5, 1) == "\N{MINUS SIGN}1,234.5"
    assert DE.number(-1234.5, 1) == "\N{MINUS SIGN}1.234,5"
    assert EN.number(-0.001, 1) == "0.0"


@pytest.mark.parametrize(("share", "told"), [(0, "0 %"), (0.001, "< 1 %"), (0.256, "26 %"), (1, "100 %")])
def test_a_share_that_is_there_is_never_told_as_none(share: float, told: str):
    assert EN.percent(share).replace("\N{NARROW NO-BREAK SPACE}", " ") == told


def test_times_and_lengths():
    assert (EN.at(65.25, 2), DE.at(65.25, 2)) == ("1:05.25", "1:05,25")
    assert EN.length(125).replace("\N{NARROW NO-BREAK SPACE}", " ") == "2:05 min"
    assert DE.length(5.9666).replace("\N{NARROW NO-BREAK SPACE}", " ") == "5,97 s"


def test_a_list_names_some_and_counts_the_rest():
    assert EN.listed(["a", "b", "c"]) == "a, b and c"
    assert DE.listed([str(number) for number in range(9)], most=2) == "0, 1 und 7 weitere"
    assert EN.listed([]) == ""


def test_a_reason_is_told_in_german_by_its_code_and_in_its_own_words():
    reason = ("weights_not_installed", "the weights 'ser' are not installed")
    assert EN.reason(*reason) == "the weights 'ser' are not installed"
    assert DE.reason(*reason) == "Gewichte sind nicht installiert", "which ones the command tells that mends it"
    assert DE.reason("deadline", "30 s") == "die Frist war um (30 s)"
    assert DE.reason("of_tomorrow", "so it is") == "so it is"
    assert DE.reason("", "") == ""


@pytest.mark.parametrize(
    ("told", "german"),
    [
        ("sports ball", "Ball"),
        ("bark, dog, bow wow", "Bellen, Hund, Wau-wau"),
        ("no dog", "nicht dabei: Hund"),
        ("no face or person", "nicht dabei: Gesicht oder Person"),
    ],
)
def test_labels_that_a_check_names_are_translated_each(told: str, german: str):
    assert DE.terms(told) == german
    assert EN.terms(told) == told


def test_another_language_is_refused():
    with pytest.raises(InvalidInput, match="en or de, not 'fr'"):
        words_of("fr")
