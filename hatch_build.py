"""Generates the gRPC stubs from protos/ into reelscribe/v1 whenever the project is built or installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent


def generate(root: Path = ROOT) -> None:
    """Write `reelscribe/v1/*_pb2{,_grpc}.py` and `.pyi`, and the protos with their comments as `contract.binpb`.

    Proto directory = package = wire name, so no import is rewritten.
    """
    import grpc_tools
    from grpc_tools import protoc

    well_known = Path(grpc_tools.__file__).parent / "_proto"
    protos = sorted(str(path) for path in (root / "protos").rglob("*.proto"))
    arguments = ["protoc", f"-I{root / 'protos'}", f"-I{well_known}"]
    arguments += [f"--{kind}_out={root}" for kind in ("python", "pyi", "grpc_python")]
    arguments += ["--include_source_info", f"--descriptor_set_out={root / 'reelscribe' / 'v1' / 'contract.binpb'}"]
    if protoc.main(arguments + protos) != 0:
        raise RuntimeError("protoc could not generate the stubs")


class GenerateStubs(BuildHookInterface):
    """Hatchling's build hook; runs for wheels and for editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        generate(Path(self.root))


if __name__ == "__main__":
    generate()
