"""What every bundled architecture promises."""

from pathlib import Path

import pytest
import torch

from backend.evaluation.inspect import inspect_network
from backend.models import open_network, reopen
from backend.models._base import Architecture
from backend.network import Network
from backend.recipe import ModelSpec
from backend.registry import method, methods

architectures = pytest.mark.parametrize("id", sorted(methods("model")))


def architecture(id: str) -> Architecture:
    found = method("model", id)
    assert isinstance(found, Architecture)
    return found


def opened(id: str, **more: int) -> Network:
    return open_network(ModelSpec("bundled", id, **more), Path())  # type: ignore[arg-type]


@architectures
@pytest.mark.parametrize("classes", [None, 3])
def test_that_it_has_one_output_for_each_class(id: str, classes: int | None) -> None:
    found = architecture(id)
    module = found.build(num_classes=classes or found.num_classes).eval()
    with torch.no_grad():
        outputs = module(torch.rand(2, *found.input_shape))
    assert outputs.shape == (2, classes or found.num_classes)
    assert bool(outputs.isfinite().all())
    assert sum(p.numel() for p in module.parameters()) > 0


@architectures
def test_that_an_image_is_judged_by_itself(id: str) -> None:
    """In evaluation mode the result does not depend on the other images of the batch."""
    network = opened(id)
    images = torch.rand((3, *network.input_shape), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(network.module(images)[1:2], network.module(images[1:2]), atol=1e-5, rtol=1e-4)


@architectures
def test_that_it_is_the_same_after_saving_and_opening_again(id: str, tmp_path: Path) -> None:
    network = opened(id, num_classes=4)
    network.save(tmp_path)
    again = reopen(tmp_path)
    images = torch.rand((2, *network.input_shape), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.equal(again.module(images), network.module(images))
    assert again.input_shape == network.input_shape


@architectures
def test_that_an_inspection_counts_every_parameter(id: str) -> None:
    network = opened(id)
    inspected = inspect_network(network)
    assert inspected.parameters == sum(p.numel() for p in network.module.parameters())
    assert inspected.macs is not None
    assert inspected.macs > 0
    assert [layer.name for layer in inspected.layers] == [name for name, _ in network.module.named_modules()]
