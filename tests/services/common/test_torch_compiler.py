"""Torch's compiler: not imported by what only names it, and the real one for whoever uses it. In own processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("torchvision")

BEGIN = """
import sys
from services.common.torch_compiler import compiler_deferred
with compiler_deferred():
    import torchvision
"""


def printed(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", BEGIN + code], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_torchvision_comes_without_the_compiler():
    assert printed("print([n for n in sys.modules if n.startswith(('torch._dynamo', 'torch._inductor'))])") == "[]"


def test_its_operators_are_the_same():
    code = "import torch; t = torch.tensor; boxes = t([[0., 0, 4, 4], [0, 0, 4, 3.9], [8, 8, 9, 9]])"
    assert printed(f"{code}; print(torchvision.ops.nms(boxes, t([.9, .8, .7]), .5).tolist())") == "[0, 2]"


def test_who_asks_torchvision_for_its_answer_is_told_the_real_one():
    asked = "sys.modules['torchvision.ops.roi_align'].is_compile_supported('cpu')"
    real = "__import__('torch._dynamo.utils')._dynamo.utils.is_compile_supported('cpu')"
    assert printed(f"print({asked} == {real}, sys.modules['torch._dynamo'].__spec__ is not None)") == "True True"


@pytest.mark.parametrize("asked", ["import torch._dynamo.config", "import torch._dynamo as d; d.config"])
def test_who_imports_it_meanwhile_gets_the_real_one(asked: str):
    code = f"""
for name in [n for n in sys.modules if n.startswith('torchvision')]:
    del sys.modules[name]
with compiler_deferred():
    {asked}
    print(sys.modules['torch._dynamo'].__spec__.name)
"""
    assert printed(code) == "torch._dynamo"


def test_one_that_is_there_stays():
    code = """
import torch._dynamo as before
with compiler_deferred():
    import torch._dynamo as inside
print(inside is before is sys.modules['torch._dynamo'])
"""
    assert printed(code) == "True"
