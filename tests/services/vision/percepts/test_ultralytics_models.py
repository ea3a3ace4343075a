from __future__ import annotations

import os

import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.weights import InstalledWeights
from services.vision.percepts.ultralytics_models import load_yolo, runs_in_half, yolo_use


def test_a_network_is_loaded_for_its_task(yolo11n: InstalledWeights) -> None:
    assert load_yolo(yolo11n, "detect").task == "detect"


def test_weights_for_another_task_are_refused(yolo11n: InstalledWeights) -> None:
    with pytest.raises(WeightsDamaged, match="not to pose"):
        load_yolo(yolo11n, "pose")


def test_no_setting_is_left_in_the_environment(yolo11n: InstalledWeights) -> None:
    before = os.environ.get("YOLO_CONFIG_DIR")
    load_yolo(yolo11n, "detect")
    assert os.environ.get("YOLO_CONFIG_DIR") == before
    assert os.environ["YOLO_OFFLINE"] == "true"


@pytest.mark.parametrize(("kind", "precision"), [("cpu", "float32"), ("cuda:0", "float16")])
def test_what_a_report_says(yolo11n: InstalledWeights, kind: str, precision: str) -> None:
    device = Device(kind=kind, core_count=1)
    use = yolo_use(yolo11n, device)
    assert (use.name, use.licence, use.device, use.precision) == ("yolo11n", yolo11n.licence, kind, precision)
    assert runs_in_half(device) == (kind != "cpu")


def test_no_convolution_of_one_pixel_is_left_to_the_slow_kernel(yolo11n: InstalledWeights) -> None:
    import torch

    network = load_yolo(yolo11n, "detect").model
    pointwise = [each for each in network.modules() if isinstance(each, torch.nn.Conv2d) and each.kernel_size == (1, 1)]
    assert len(pointwise) > 30
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as seen, torch.inference_mode():
        for each in pointwise:
            each(torch.rand(1, each.in_channels, 4, 3))
    counts = {event.key: event.count for event in seen.key_averages()}
    assert counts["aten::mkldnn_convolution"] == len(pointwise)
