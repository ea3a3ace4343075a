from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.evidence import Evidence
from gateway.insight import Insight
from gateway.registry import Registry
from reelscribe.v1.analyzer_pb2 import Analyzer, Setting
from reelscribe.v1.bus_pb2 import Presence
from reelscribe.v1.finding_pb2 import Finding
from services.common.errors import InvalidSetting, UnknownAnalyzer


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def presence(service: str, *names: str, replica: str = "1", ready: bool = True) -> Presence:
    analyzers = [
        Analyzer(name=name, service=service, settings=[Setting(name=f"{name}.threshold", number=0.5)]) for name in names
    ]
    return Presence(service=service, replica_id=replica, analyzers=analyzers, ready=ready)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(clock: Clock) -> Registry:
    """Vision and audio are there, vlm has not been seen."""
    made = Registry(("vision", "audio", "vlm"), clock)
    made.take(presence("audio", "speech"))
    made.take(presence("vision", "cuts", "objects"))
    return made


def names(analyzers: list[Analyzer]) -> list[str]:
    return [item.name for item in analyzers]


def test_analyzers_stand_in_the_order_of_services_and_of_their_own(registry: Registry):
    assert names(registry.analyzers()) == ["cuts", "objects", "speech"]


def test_all_are_chosen_and_who_is_not_there_is_named(registry: Registry):
    chosen = registry.choose([])
    assert names(chosen) == ["cuts", "objects", "speech", "vlm"]
    assert chosen[-1].unavailable.code == "service_absent"
    assert chosen[-1].unavailable.fix == "reelscribe serve vlm"


def test_the_named_are_chosen_in_the_order_of_the_report(registry: Registry):
    assert names(registry.choose(["speech", "cuts", "speech"])) == ["cuts", "speech"]


def test_an_unknown_name_is_refused_with_those_there_are(registry: Registry):
    with pytest.raises(UnknownAnalyzer, match="cuts, objects, speech"):
        registry.choose(["cut"])


def test_a_setting_nobody_has_is_refused(registry: Registry):
    registry.check_settings([Setting(name="cuts.threshold", number=1)])
    with pytest.raises(InvalidSetting, match=r"cuts\.treshold"):
        registry.check_settings([Setting(name="cuts.treshold", number=1)])


def test_a_service_is_absent_since_its_last_sign_of_life(registry: Registry, clock: Clock):
    clock.now_s += 5
    registry.take(presence("vision", "cuts", "objects", replica="2"))
    clock.now_s += 3
    assert registry.absent_s("vision") == 3
    assert registry.absent_s("audio") == 8
    assert registry.absent_s("vlm") == 8
    assert registry.age_s == 8


def test_a_farewell_gives_the_next_replica_as_long_to_come_as_a_death(registry: Registry, clock: Clock):
    clock.now_s += 60
    registry.take(presence("vision", ready=False))
    assert registry.absent_s("vision") == 0
    clock.now_s += 2
    assert registry.absent_s("vision") == 2
    assert names(registry.analyzers()) == ["cuts", "objects", "speech"]


def test_a_replica_that_leaves_before_it_was_ready_tells_nothing(registry: Registry):
    registry.take(presence("vlm", ready=False))
    assert registry.unknown_services() == ["vlm"]


def test_a_service_nobody_expected_is_listed_last(registry: Registry):
    registry.take(presence("smell", "roses"))
    assert names(registry.analyzers()) == ["cuts", "objects", "speech", "roses"]
    assert repr(registry) == "Registry(audio: 1, vision: 2, smell: 1)"


class OfSpeech(Insight):
    """Reads speech, for tests.

    Labels: `none`.
    """

    name = "of_speech"
    reads = (("speech",),)

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        yield from ()


class OfSmell(OfSpeech):
    name = "of_smell"
    reads = (("smell",),)


@pytest.fixture
def reading(clock: Clock) -> Registry:
    made = Registry(("vision", "audio", "vlm"), clock, insights=(OfSmell, OfSpeech))
    made.take(presence("audio", "speech"))
    made.take(presence("vision", "cuts"))
    return made


def test_insights_come_last_where_there_is_something_for_them_to_read(reading: Registry):
    assert names(reading.analyzers()) == ["cuts", "speech", "of_speech"]
    assert names(reading.choose([])) == ["cuts", "speech", "vlm", "of_speech"]
    assert reading.analyzers()[-1].service == "gateway"


def test_an_insight_asked_for_by_name_answers_in_any_case(reading: Registry):
    assert names(reading.choose(["of_smell", "cuts"])) == ["cuts", "of_smell"]
    with pytest.raises(UnknownAnalyzer, match="of_speech"):
        reading.choose(["of_sight"])


def test_insights_alone_are_no_service(clock: Clock):
    assert Registry(("vision",), clock, insights=(OfSpeech,)).deserted
    assert not Registry((), clock, insights=(OfSpeech,)).deserted
