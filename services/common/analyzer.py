"""What an analyzer and a percept are: a name, what they need, and a generator over windows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from reelscribe.v1.analyzer_pb2 import Method, ModelUse, Reason
from reelscribe.v1.finding_pb2 import Finding
from services.common.device import Device
from services.common.window import Need, Part, Window


class AnalyzerSettings(BaseModel):
    """Settings of one analyzer or percept: flat, typed, each with a default and a documented range."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    loading: ClassVar[tuple[str, ...]] = ()
    """Names of those that decide what is loaded. A running service keeps its own: a request can only name the same."""


class Percept(ABC):
    """What several analyzers share: windows in, exactly one value per window out, in order.

    It may lag (a transcript needs 30 s before it can speak of the first word). Analyzers list the class in
    `uses` and find `window[ThatClass]` filled. State lives in `perceive`'s local variables; `load` runs once
    per process and holds the models.
    """

    needs: ClassVar[Need | tuple[Need, ...]]
    uses: ClassVar[tuple[type[Percept], ...]] = ()
    weights: ClassVar[tuple[str, ...]] = ()
    """Names in models.toml that `load` needs with default settings."""
    Settings: ClassVar[type[AnalyzerSettings]] = AnalyzerSettings
    """Set under the percept's snake_case name: "transcript.language_code"; `part.settings` holds an instance."""

    models: tuple[ModelUse, ...] = ()
    """Set by `load`: what it runs on. Listed by every analyzer that uses the percept."""
    settings: AnalyzerSettings
    """The service's own values, set before `load`; a request's are in `part.settings`."""

    def __init__(self, settings: AnalyzerSettings | None = None) -> None:
        self.settings = settings or self.Settings()

    def load(self, device: Device) -> None:  # noqa: B027  (a percept without a model has nothing to load)
        """Heavy imports and weights. Raises ReelscribeError where something is missing."""

    def accept(self, settings: Any) -> None:  # noqa: B027  (most take whatever is valid)
        """Raises InvalidSetting for values of a request that are valid in themselves, but not on this service."""

    def models_for(self, settings: BaseModel) -> tuple[ModelUse, ...]:
        """As Analyzer.models_for."""
        return self.models

    @abstractmethod
    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[Any]:
        """Yield one value per window, in order."""


class Analyzer(ABC):
    """One kind of finding. A generator over windows: state is local, everything else is the service's business.

    `analyze` is called once per part, in a thread of its own, possibly for several parts at a time: what `load`
    put on `self` is shared by them, so a model that keeps state is guarded by a lock of its own. Model calls run inside
    `with device.call():`.
    """

    name: ClassVar[str]
    method: ClassVar[Method]
    needs: ClassVar[Need | tuple[Need, ...]]
    """All of one kind. The first is the one whose frames or samples coverage counts."""
    uses: ClassVar[tuple[type[Percept], ...]] = ()
    also_uses: ClassVar[tuple[type[Percept], ...]] = ()
    """Percepts that make it better where they can be loaded: `window.get(Percept)`, None where not.

    One that was loaded and fails while it perceives fails the analyzer, as any other. A result lists its models.
    """
    weights: ClassVar[tuple[str, ...]] = ()
    """Names in models.toml that `load` needs with default settings."""
    Settings: ClassVar[type[AnalyzerSettings]] = AnalyzerSettings

    models: tuple[ModelUse, ...] = ()
    """Set by `load`: what it runs on. Empty for SIGNAL analyzers, unless they give a learned score as well."""
    settings: AnalyzerSettings
    """The service's own values, set before `load`; a request's are in `part.settings`."""

    def __init__(self, settings: AnalyzerSettings | None = None) -> None:
        self.settings = settings or self.Settings()

    def load(self, device: Device) -> None:  # noqa: B027  (a measurement without weights has nothing to load)
        """Heavy imports and weights, once per process.

        Raises WeightsNotInstalled, LibraryNotInstalled (then the analyzer is SKIPPED with that reason) or
        WeightsDamaged (then it refuses to start).
        """

    def warm_up(self) -> None:  # noqa: B027  (most are as fast the first time)
        """Do once, after `load`, what would make the first part slower than others. Raises as `load`.

        A service does so before it serves. A process for one video does not: what its video lacks would be in vain.
        """

    def accept(self, settings: Any) -> None:  # noqa: B027  (most take whatever is valid)
        """Raises InvalidSetting for values of a request that are valid in themselves, but not on this service."""

    def declined(self, settings: Mapping[type[Percept], BaseModel]) -> Reason | None:
        """Why it is not to look, going by the settings of the percepts it uses; None: it looks. Then it is SKIPPED."""
        return None

    def models_for(self, settings: BaseModel) -> tuple[ModelUse, ...]:
        """What a part with these settings ran on; asked when it has ended.

        Override it where a request's setting chooses other weights than the service's own.
        """
        return self.models

    @abstractmethod
    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        """Yield findings as they are certain, times in seconds of the video. Their ids are set later."""


def needs_of(user: Analyzer | Percept | type[Analyzer] | type[Percept]) -> tuple[Need, ...]:
    """The needs as a tuple, however they were written."""
    return user.needs if isinstance(user.needs, tuple) else (user.needs,)
