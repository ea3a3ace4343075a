"""What a person touches: the client, the command, the embedded mode, the report.

`reelscribe.analyze("clip.mp4")` is the short way. Attributes are resolved when first used, so that importing this
package loads no model library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reelscribe.analyst import Analyst, Assembler
    from reelscribe.client import connect
    from reelscribe.embedded import embedded
    from reelscribe.report.json import from_json, to_json
    from reelscribe.run import analyze

__all__ = ["Analyst", "Assembler", "analyze", "connect", "embedded", "from_json", "to_json"]

_HOMES = {
    "Analyst": "reelscribe.analyst",
    "Assembler": "reelscribe.analyst",
    "analyze": "reelscribe.run",
    "connect": "reelscribe.client",
    "embedded": "reelscribe.embedded",
    "from_json": "reelscribe.report.json",
    "to_json": "reelscribe.report.json",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'reelscribe' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
