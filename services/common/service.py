"""One service's analyzers and percepts: loaded once per process, described, and started on parts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence

import structlog
from pydantic import BaseModel

from reelscribe.v1 import analyzer_pb2
from reelscribe.v1.analyzer_pb2 import Failure, ModelUse, Reason, Setting, Status, Task
from services.common.analyzer import Analyzer, AnalyzerSettings, Percept, needs_of
from services.common.device import Device
from services.common.errors import InvalidSetting, ReelscribeError, UnknownAnalyzer
from services.common.native_threads import NativeThreads
from services.common.needs import need_to_wire
from services.common.part_run import Ended, Event, PartRun, reason_of, stream_of
from services.common.setting import Values, from_wire, group_of, to_wire, validated
from services.common.time import seconds
from services.common.window import Part

log = structlog.get_logger()

OFF_BY_POLICY = "off_by_policy"
"""Code of the reason of an analyzer that settings switch off."""

SKIPPING = frozenset({"weights_not_installed", "library_not_installed", OFF_BY_POLICY})
"""Reasons that make an analyzer SKIPPED; any other that keeps it from looking is a FAILED."""

NOT_LOADED = Reason(code="not_loaded", message="the service has not loaded its models yet")

User = Analyzer | Percept


class Service:
    """The analyzers of one service, by name and in the report's order.

    One instance of each per process. `load` may be called again to load more.
    """

    def __init__(
        self,
        name: str,
        analyzers: Sequence[type[Analyzer]],
        device: Device,
        values: Values | None = None,
        *,
        asked: Values | None = None,
    ) -> None:
        """`values` are the service's own settings; `asked` those of requests known beforehand.

        Of the latter only what decides what is loaded counts here: the rest comes with each request, and is held
        against the service's own. Raises InvalidSetting for what does not exist.
        """
        self.name = name
        self.device = device
        self._values = _with_asked(values or {}, asked or {}, [*analyzers, *_percepts_of(analyzers, also=True)])
        self._native_threads = NativeThreads()
        self._analyzers = {kind.name: kind(self._own(kind)) for kind in analyzers}
        self._percepts: dict[type[Percept], Percept] = {}
        for kind in _percepts_of(analyzers, also=True):
            self._percepts[kind] = kind(self._own(kind))
        self._loaded: set[User] = set()
        self._unavailable: dict[User, Reason] = {}

    def __repr__(self) -> str:
        return f"Service({self.name}: {', '.join(self._analyzers)})"

    @property
    def names(self) -> tuple[str, ...]:
        """All analyzers, in order."""
        return tuple(self._analyzers)

    def load(self, names: Iterable[str] | None = None, *, warm: bool = True) -> None:
        """Load the named analyzers (None: all) and what they use. One that cannot be loaded becomes unavailable.

        `warm`: they are also warmed up, so that no part is slower than others. One that this service's own settings
        switch off is not loaded.
        """
        for name in self.names if names is None else names:
            analyzer = self._analyzers[name]
            if _declined(analyzer, {user: user.settings for user in self._users_of(analyzer)}) is not None:
                continue
            for kind in _percepts_of([type(analyzer)], also=True):
                self._load_one(self._percepts[kind])
            self._load_one(analyzer, warm=warm)

    def names_for(self, stream: int) -> list[str]:
        """The analyzers that read a stream, in order."""
        return [name for name, analyzer in self._analyzers.items() if stream_of(needs_of(analyzer)[0]) == stream]

    def describe(self) -> list[analyzer_pb2.Analyzer]:
        """Every analyzer, as it stands now."""
        return [self._describe_one(analyzer) for analyzer in self._analyzers.values()]

    def check(self, task: Task) -> None:
        """Raises UnknownAnalyzer or InvalidSetting for a task that cannot be done as it stands."""
        overrides = from_wire(task.settings)
        for analyzer in self._chosen(task):
            for user in self._users_of(analyzer):
                self._part(task, user, overrides)

    def start(self, task: Task, sink: Callable[[Event], None]) -> PartRun:
        """Start the task's analyzers on its part. Those that are unavailable, or do not take a setting, end at once.

        Raises UnknownAnalyzer, and InvalidSetting for what is no setting at all.
        """
        chosen = self._chosen(task)
        parts, refused = self._parts(task, chosen)
        ready = [analyzer for analyzer in chosen if analyzer not in refused]
        percepts = [self._percepts[kind] for kind in self._kinds_for(ready)]

        def complete(event: Event) -> None:
            if isinstance(event, Ended):
                self._complete(event.result, parts)
            sink(event)

        run = PartRun(
            [(analyzer, parts[analyzer]) for analyzer in ready],
            [(percept, parts[percept]) for percept in percepts],
            complete,
            self._native_threads,
        )
        for analyzer, reason in refused.items():
            complete(Ended(analyzer=analyzer.name, result=unavailable_result(analyzer.name, analyzer.method, reason)))
        return run

    def unavailable(self, analyzer: Analyzer) -> Reason | None:
        """Why it cannot run: this service is set not to, its own load failed or a percept's, or has not ended yet."""
        users: list[User] = [analyzer, *(self._percepts[kind] for kind in _percepts_of([type(analyzer)]))]
        if (declined := _declined(analyzer, {user: user.settings for user in users})) is not None:
            return declined
        failed = next((self._unavailable[user] for user in [*users[1:], analyzer] if user in self._unavailable), None)
        return failed if failed is not None or self._loaded.issuperset(users) else NOT_LOADED

    def _chosen(self, task: Task) -> list[Analyzer]:
        for name in task.analyzers:
            if name not in self._analyzers:
                raise UnknownAnalyzer(name, self.names)
        return [self._analyzers[name] for name in dict.fromkeys(task.analyzers or self.names_for(task.part.stream))]

    def _parts(self, task: Task, chosen: Sequence[Analyzer]) -> tuple[dict[User, Part], dict[Analyzer, Reason]]:
        """Each user's part with its settings, and why some of the chosen cannot run."""
        overrides = from_wire(task.settings)
        parts: dict[User, Part] = {}
        refused: dict[Analyzer, Reason] = {}
        for analyzer in chosen:
            reason = self.unavailable(analyzer)
            try:
                for user in self._users_of(analyzer):
                    parts[user] = self._part(task, user, overrides)
                asked = {user: parts[user].settings for user in self._users_of(analyzer)}
                reason = reason or _declined(analyzer, asked)
            except InvalidSetting as error:
                reason = reason or reason_of(error)
            if reason is not None:
                refused[analyzer] = reason
        return parts, refused

    def _own(self, kind: type[Analyzer] | type[Percept]) -> AnalyzerSettings:
        group = group_of(kind)
        return validated(kind.Settings, group, self._values.get(group, {}))

    def _load_one(self, user: User, *, warm: bool = False) -> None:
        if user in self._loaded or user in self._unavailable:
            return
        try:
            self._native_threads.watch(user, lambda: _loaded(user, self.device, warm=warm))
            self._loaded.add(user)
            log.info("loaded", service=self.name, what=group_of(type(user)))
        except ReelscribeError as error:
            self._unavailable[user] = reason_of(error)
            log.warning("not loaded", service=self.name, what=group_of(type(user)), why=str(error), fix=error.fix)
        except Exception as error:
            self._unavailable[user] = Reason(code="load_failed", message=f"{type(error).__name__}: {error}")
            log.exception("not loaded", service=self.name, what=group_of(type(user)))

    def _part(self, task: Task, user: User, overrides: Values) -> Part:
        group = group_of(type(user))
        part = task.part
        settings = validated(type(user.settings), group, self._values.get(group, {}), overrides.get(group, {}))
        user.accept(settings)
        return Part(
            analysis_id=task.analysis_id,
            part_id=part.part_id,
            index=part.index,
            start_s=seconds(part.start_offset),
            own_start_s=seconds(part.own_start_offset),
            video=part.video,
            settings=settings,
        )

    def _complete(self, result: analyzer_pb2.AnalyzerResult, parts: dict[User, Part]) -> None:
        """Add what only the service knows: its own name, the effective settings, the models of shared percepts."""
        analyzer = self._analyzers[result.analyzer]
        result.service = self.name
        users = self._users_of(analyzer)
        result.settings.extend(
            item for user in users if user in parts for item in to_wire(group_of(type(user)), parts[user].settings)
        )
        if self.unavailable(analyzer) is None:
            shared = [user.models_for(parts[user].settings if user in parts else user.settings) for user in users[1:]]
            result.models.extend(_models_beyond(result.models, shared))

    def _users_of(self, analyzer: Analyzer) -> list[User]:
        return [analyzer, *(self._percepts[kind] for kind in self._kinds_for([analyzer]))]

    def _kinds_for(self, analyzers: Sequence[Analyzer]) -> list[type[Percept]]:
        """The percepts that run for them, before their users: of those also used, the ones that are loaded."""
        kinds = [type(analyzer) for analyzer in analyzers]
        also = [used for kind in kinds for used in kind.also_uses if self._is_loaded(used)]
        return _in_order([*_percepts_of(kinds), *also])

    def _is_loaded(self, kind: type[Percept]) -> bool:
        return self._loaded.issuperset(self._percepts[each] for each in _in_order([kind]))

    def _describe_one(self, analyzer: Analyzer) -> analyzer_pb2.Analyzer:
        needs = needs_of(analyzer)
        users = self._users_of(analyzer)
        settings: list[Setting] = [item for user in users for item in to_wire(group_of(type(user)), user.settings)]
        return analyzer_pb2.Analyzer(
            name=analyzer.name,
            service=self.name,
            summary=_summary(type(analyzer)),
            method=analyzer.method,
            stream=stream_of(needs[0]),
            needs=[need_to_wire(need) for user in users for need in needs_of(user)],
            settings=settings,
            models=[*analyzer.models, *_models_beyond(analyzer.models, [user.models for user in users[1:]])],
            unavailable=self.unavailable(analyzer),
            uses=[kind.__name__ for kind in self._kinds_for([analyzer])],
        )


def unavailable_result(name: str, method: analyzer_pb2.Method, reason: Reason) -> analyzer_pb2.AnalyzerResult:
    """The answer of an analyzer that could not be loaded."""
    skipped = reason.code in SKIPPING
    result = analyzer_pb2.AnalyzerResult(
        analyzer=name,
        status=Status.STATUS_SKIPPED if skipped else Status.STATUS_FAILED,
        reason=reason,
        method=method,
    )
    if not skipped:
        result.error.CopyFrom(Failure(type=reason.code, message=reason.message))
    return result


def _with_asked(values: Values, asked: Values, kinds: Iterable[type[Analyzer] | type[Percept]]) -> Values:
    """The service's values, with those asked for that decide what is loaded over them."""
    merged = dict(values)
    for kind in kinds:
        group = group_of(kind)
        deciding = {name: value for name, value in asked.get(group, {}).items() if name in kind.Settings.loading}
        if deciding:
            merged[group] = {**values.get(group, {}), **deciding}
    return merged


def _loaded(user: User, device: Device, *, warm: bool) -> None:
    user.load(device)
    if warm and isinstance(user, Analyzer):
        user.warm_up()


def _declined(analyzer: Analyzer, settings: Mapping[User, BaseModel]) -> Reason | None:
    return analyzer.declined({type(user): values for user, values in settings.items() if isinstance(user, Percept)})


def _percepts_of(analyzers: Sequence[type[Analyzer]], *, also: bool = False) -> list[type[Percept]]:
    """What they use, directly or through other percepts, before its users; `also`: with what they also use."""
    kinds = [kind for analyzer in analyzers for kind in analyzer.uses]
    return _in_order([*kinds, *(kind for analyzer in analyzers if also for kind in analyzer.also_uses)])


def _in_order(kinds: Iterable[type[Percept]]) -> list[type[Percept]]:
    """These and those they use, each after all that it uses. Raises ValueError on a circle."""
    ordered: list[type[Percept]] = []

    def visit(kind: type[Percept], path: tuple[type[Percept], ...]) -> None:
        if kind in path:
            raise ValueError(f"percepts use each other in a circle: {[step.__name__ for step in (*path, kind)]}")
        for used in kind.uses:
            visit(used, (*path, kind))
        if kind not in ordered:
            ordered.append(kind)

    for kind in kinds:
        visit(kind, ())
    return ordered


def _models_beyond(own: Sequence[ModelUse], shared: Sequence[Sequence[ModelUse]]) -> list[ModelUse]:
    """Models of the percepts used, each once."""
    names = {model.name for model in own}
    beyond: list[ModelUse] = []
    for model in (model for models in shared for model in models):
        if model.name not in names:
            names.add(model.name)
            beyond.append(model)
    return beyond


def _summary(kind: type[Analyzer]) -> str:
    text = kind.__doc__ or sys.modules[kind.__module__].__doc__ or ""
    return text.strip().splitlines()[0] if text.strip() else ""
