"""Keeps torch's compiler from being imported where nothing is compiled: it takes longer than all models to load."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

COMPILER = "torch._dynamo"
ASKED = f"{COMPILER}.utils"
"""What torchvision.ops imports it for: whether a device could compile, asked only in deterministic mode."""


class _Deferred(ModuleType):
    """Stands where a module will be: the first attribute that is not here imports the module, and is its own."""

    def __getattr__(self, name: str) -> Any:
        # Asked of any module in passing; but a package's path is asked for by who imports what lies in it.
        if name.startswith("__") and (self.__name__, name) != (COMPILER, "__path__"):
            raise AttributeError(name)
        _withdraw()
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def compiler_deferred() -> Iterator[None]:
    """Let what is imported inside name torch's compiler without importing it; one that is there already stays.

    Whoever else asks for it meanwhile, in another thread, is given the real one.
    """
    if COMPILER not in sys.modules:
        utils = _Deferred(ASKED)
        utils.__dict__["is_compile_supported"] = _is_compile_supported
        sys.modules[ASKED] = utils
        sys.modules[COMPILER] = _Deferred(COMPILER)
    try:
        yield
    finally:
        _withdraw()


def _is_compile_supported(device_type: str) -> Any:
    """The real answer, when it is asked for."""
    return importlib.import_module(ASKED).is_compile_supported(device_type)


def _withdraw() -> None:
    for name in (COMPILER, ASKED):
        if isinstance(sys.modules.get(name), _Deferred):
            del sys.modules[name]
