from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Literal

import pytest
from pydantic import BaseModel

from reelscribe.v1.analyzer_pb2 import Analyzer as Described
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Method, ModelUse, Reason, Setting, Status, Task
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Part, StreamKind
from services.common.analyzer import Analyzer, AnalyzerSettings, Percept
from services.common.device import Device
from services.common.errors import InvalidSetting, LibraryNotInstalled, UnknownAnalyzer, WeightsDamaged
from services.common.part_run import Ended, Event
from services.common.service import OFF_BY_POLICY, Service
from services.common.setting import Values, from_wire
from services.common.window import Part as TypedPart
from services.common.window import Window
from tests import fakes

FRAMES = StreamKind.STREAM_KIND_FRAMES


class Modelled(Percept):
    """A percept with a model and a setting."""

    class Settings(AnalyzerSettings):
        """How many."""

        beam_size: int = 5

    needs = fakes.SMALL
    loads = 0

    def accept(self, settings: Settings) -> None:
        if settings.beam_size > 8:
            raise InvalidSetting("beams above 8 do not fit here")

    def load(self, device: Device) -> None:
        type(self).loads += 1
        self.models = (ModelUse(name="shared-weights", device=device.kind),)

    def perceive(self, part: TypedPart, windows: Iterator[Window]) -> Iterator[int]:
        for _ in windows:
            yield 1


class Choosing(Modelled):
    """Has a model to choose when it loads, and a setting that any request may change."""

    class Settings(AnalyzerSettings):
        """Which model, how many beams."""

        loading = ("model",)

        model: Literal["small", "large"] = "small"
        beam_size: int = 5

    def load(self, device: Device) -> None:
        self.models = (ModelUse(name=self.settings.model),)


class Using(fakes.Seconds):
    """Has weights of its own and uses a percept's."""

    name = "using"
    method = Method.METHOD_MODEL
    uses = (Modelled,)

    def load(self, device: Device) -> None:
        self.models = (ModelUse(name="own-weights"),)


class UsingToo(Using):
    """A second user."""

    name = "using_too"


class Shy(Using):
    """Does not look when its percept is set to a beam of one; no beam above eight is allowed here."""

    name = "shy"

    def declined(self, settings: Mapping[type[Percept], BaseModel]) -> Reason | None:
        beam = settings[Modelled]
        assert isinstance(beam, Modelled.Settings)
        return Reason(code=OFF_BY_POLICY, message="a beam of one") if beam.beam_size == 1 else None


class Damaged(fakes.Seconds):
    """Its weights do not fit."""

    name = "damaged"

    def load(self, device: Device) -> None:
        raise WeightsDamaged("three tensors are missing")


class Unlucky(fakes.Seconds):
    """Fails at loading in a way nobody thought of."""

    name = "unlucky"

    def load(self, device: Device) -> None:
        raise ZeroDivisionError("by zero")


class Absent(Modelled):
    """A percept whose library is not there."""

    def load(self, device: Device) -> None:
        raise LibraryNotInstalled("onnxruntime", "audio")


class UsingAbsent(fakes.Seconds):
    """Cannot run without it."""

    name = "using_absent"
    uses = (Absent,)


class Better(fakes.Seconds):
    """Would be better with a percept that is there, and with one that is not."""

    name = "better"
    also_uses = (Modelled, Absent)

    def analyze(self, part: TypedPart, windows: Iterator[Window]) -> Iterator[Finding]:
        for window in windows:
            yield Finding(label=f"{window.get(Modelled)} {window.get(Absent)}")


class Circular(Modelled):
    """Uses itself, by a detour."""


class Warmed(fakes.Seconds):
    """Counts."""

    name = "warmed"
    warm_ups = 0

    def warm_up(self) -> None:
        self.warm_ups += 1


class Detour(Modelled):
    """The detour."""

    uses = (Circular,)


Circular.uses = (Detour,)


class UsingCircular(fakes.Seconds):
    """Cannot be made."""

    name = "using_circular"
    uses = (Circular,)


def service(*kinds: type[Analyzer], values: Values | None = None, load: bool = True) -> Service:
    made = Service("vision", kinds, Device(core_count=1), values)
    if load:
        made.load()
    return made


def described(made: Service, name: str) -> Described:
    return next(item for item in made.describe() if item.name == name)


def task(*names: str, settings: tuple[Setting, ...] = ()) -> Task:
    return Task(analysis_id="a", part=Part(part_id="frames-0", stream=FRAMES), analyzers=names, settings=settings)


def results(made: Service, asked: Task) -> dict[str, AnalyzerResult]:
    """What each analyzer answers for a part without windows."""
    events: list[Event] = []
    run = made.start(asked, events.append)
    run.end()
    run.join()
    return {event.analyzer: event.result for event in events if isinstance(event, Ended)}


def test_what_is_not_installed_is_skipped_and_what_is_broken_has_failed():
    made = service(fakes.Seconds, fakes.Weightless, Damaged, Unlucky, UsingAbsent)
    answers = results(made, task())
    assert {name: (answer.status, answer.reason.code) for name, answer in answers.items()} == {
        "seconds": (Status.STATUS_EMPTY, ""),
        "weightless": (Status.STATUS_SKIPPED, "weights_not_installed"),
        "damaged": (Status.STATUS_FAILED, "weights_damaged"),
        "unlucky": (Status.STATUS_FAILED, "load_failed"),
        "using_absent": (Status.STATUS_SKIPPED, "library_not_installed"),
    }
    assert answers["using_absent"].reason.fix == "pip install 'reelscribe[audio]'"
    assert "ZeroDivisionError: by zero" in answers["unlucky"].error.message
    assert not answers["weightless"].HasField("error")


def test_what_is_unavailable_is_described_so_before_anybody_asks():
    made = service(fakes.Seconds, fakes.Weightless)
    assert not described(made, "seconds").HasField("unavailable")
    assert described(made, "weightless").unavailable.code == "weights_not_installed"


def test_what_has_not_loaded_yet_does_not_run():
    made = service(fakes.Seconds, load=False)
    assert results(made, task())["seconds"].reason.code == "not_loaded"
    made.load()
    assert results(made, task())["seconds"].status == Status.STATUS_EMPTY


def test_only_a_service_that_is_to_be_warm_is_warmed_up():
    warm, cold = service(Warmed), service(Warmed, load=False)
    cold.load(warm=False)
    counts = [made._analyzers["warmed"].__dict__.get("warm_ups", 0) for made in (warm, cold)]
    assert counts == [1, 0]
    assert [described(made, "warmed").HasField("unavailable") for made in (warm, cold)] == [False, False]


def test_a_shared_percept_is_loaded_once():
    Modelled.loads = 0
    made = service(Using, UsingToo)
    made.load(["using"])
    assert Modelled.loads == 1


def test_models_of_percepts_are_listed_after_the_own_and_once():
    made = service(Using, UsingToo)
    names = [model.name for model in described(made, "using").models]
    assert names == [model.name for model in results(made, task())["using"].models] == ["own-weights", "shared-weights"]


def test_what_is_also_used_is_there_where_it_could_be_loaded():
    made = service(Better)
    assert not described(made, "better").HasField("unavailable")
    assert list(described(made, "better").uses) == ["Modelled"]
    (answer,) = results(made, task(settings=(Setting(name="modelled.beam_size", count=3),))).values()
    assert answer.status == Status.STATUS_EMPTY
    assert [model.name for model in answer.models] == ["shared-weights"]
    assert from_wire(answer.settings) == {"modelled": {"beam_size": 3}}


def test_an_analyzer_looks_before_what_it_also_uses_is_loaded():
    made = service(Better, fakes.Seconds, load=False)
    made.load(["seconds"])
    assert described(made, "better").unavailable.code == "not_loaded"
    made._loaded.add(made._analyzers["better"])
    assert list(described(made, "better").uses) == []
    assert results(made, task("better"))["better"].status == Status.STATUS_EMPTY


def test_percepts_that_use_each_other_in_a_circle_are_refused():
    with pytest.raises(ValueError, match=r"in a circle: .*Circular.*Detour.*Circular"):
        service(UsingCircular)


def test_settings_are_the_services_own_with_the_requests_over_them():
    made = service(Using, fakes.Brightness, values={"brightness": {"threshold": 10.0}, "modelled": {"beam_size": 2}})
    assert from_wire(described(made, "brightness").settings) == {"brightness": {"threshold": 10.0}}
    asked = task(settings=(Setting(name="modelled.beam_size", count=3),))
    answers = results(made, asked)
    assert from_wire(answers["brightness"].settings) == {"brightness": {"threshold": 10.0}}
    assert from_wire(answers["using"].settings) == {"modelled": {"beam_size": 3}}
    assert from_wire(results(made, task())["using"].settings) == {"modelled": {"beam_size": 2}}


def test_a_bad_setting_fails_who_has_it_and_nobody_else():
    asked = task(settings=(Setting(name="brightness.threshold", text="much"),))
    made = service(fakes.Brightness, fakes.Seconds)
    answers = results(made, asked)
    assert answers["brightness"].status == Status.STATUS_FAILED
    assert answers["brightness"].reason.code == "invalid_setting"
    assert answers["seconds"].status == Status.STATUS_EMPTY
    with pytest.raises(InvalidSetting):
        made.check(asked)


def test_a_bad_setting_of_a_percept_fails_its_users():
    asked = task(settings=(Setting(name="modelled.beam", count=3),))
    answers = results(service(Using, fakes.Seconds), asked)
    assert answers["using"].reason.code == "invalid_setting"
    assert answers["seconds"].status == Status.STATUS_EMPTY


def test_a_bad_setting_of_the_service_keeps_it_from_starting():
    with pytest.raises(InvalidSetting, match=r"brightness\.threshold"):
        service(fakes.Brightness, values={"brightness": {"threshold": "much"}})


def test_a_request_may_not_ask_a_percept_for_what_the_service_does_not_allow():
    asked = task(settings=(Setting(name="modelled.beam_size", count=9),))
    made = service(Using, fakes.Seconds)
    assert results(made, asked)["using"].reason.code == "invalid_setting"
    with pytest.raises(InvalidSetting, match="above 8"):
        made.check(asked)


def test_a_request_can_switch_an_analyzer_off_by_a_percept_it_uses():
    made = service(Shy, Using)
    answers = results(made, task(settings=(Setting(name="modelled.beam_size", count=1),)))
    assert answers["shy"].status == Status.STATUS_SKIPPED
    assert answers["shy"].reason.code == OFF_BY_POLICY
    assert answers["using"].status == Status.STATUS_EMPTY
    assert results(made, task())["shy"].status == Status.STATUS_EMPTY


def test_what_the_services_own_settings_switch_off_is_not_loaded():
    Modelled.loads = 0
    made = service(Shy, values={"modelled": {"beam_size": 1}})
    assert Modelled.loads == 0
    assert described(made, "shy").unavailable.code == OFF_BY_POLICY
    assert results(made, task())["shy"].status == Status.STATUS_SKIPPED


def test_an_unknown_analyzer_is_refused_with_those_there_are():
    with pytest.raises(UnknownAnalyzer, match="seconds"):
        service(fakes.Seconds).start(task("minutes"), lambda event: None)


def test_a_task_without_names_is_for_all_that_read_its_stream():
    made = service(fakes.Seconds, fakes.Loud, fakes.Silent)
    assert set(results(made, task())) == {"seconds", "silent"}
    assert made.names_for(StreamKind.STREAM_KIND_SAMPLES) == ["loud"]
    assert made.names == ("seconds", "loud", "silent")


def test_an_analyzer_named_twice_runs_once():
    before = threading.active_count()
    run = service(fakes.Seconds).start(task("seconds", "seconds"), lambda event: None)
    assert threading.active_count() == before + 1
    run.cancel()
    run.join()


def test_a_description_says_what_is_needed_of_percepts_too():
    here = described(service(fakes.Counting, fakes.Loud), "counting")
    assert (here.service, here.method, here.stream) == ("vision", Method.METHOD_SIGNAL, FRAMES)
    assert here.summary == "Reports what FrameCount says."
    assert list(here.uses) == ["FrameCount"]
    assert len(here.needs) == 2


class Chooser(fakes.Seconds):
    """Uses the percept whose model is chosen."""

    name = "chooser"
    uses = (Choosing,)


def chosen_of(**asked: str | int) -> tuple[str, dict[str, object]]:
    """The loaded model, and the service's own settings, where requests are known beforehand."""
    made = Service("vision", [Chooser], Device(core_count=1), {"choosing": {"beam_size": 3}}, asked={"choosing": asked})
    made.load()
    (described,) = made.describe()
    return described.models[0].name, from_wire(described.settings)["choosing"]  # type: ignore[return-value]


def test_a_model_that_is_known_to_be_asked_for_is_the_one_that_is_loaded() -> None:
    assert chosen_of() == ("small", {"model": "small", "beam_size": 3})
    assert chosen_of(model="large") == ("large", {"model": "large", "beam_size": 3})


def test_what_loads_nothing_else_stays_the_requests_own() -> None:
    assert chosen_of(beam_size=8) == ("small", {"model": "small", "beam_size": 3})


def test_a_model_that_there_is_not_is_refused_before_anything_loads() -> None:
    with pytest.raises(InvalidSetting, match=r"choosing\.model"):
        chosen_of(model="huge")
