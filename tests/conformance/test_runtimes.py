"""What every runtime promises."""

import pytest
import torch
from torch import Tensor

from backend.evaluation.runtimes._base import Runtime
from backend.network import Network
from backend.registry import method, methods

runtimes = pytest.mark.parametrize("id", sorted(methods("runtime")))


@runtimes
def test_that_it_computes_what_the_network_computes(id: str, network: Network, images: Tensor) -> None:
    found = method("runtime", id)
    assert isinstance(found, Runtime)
    assert found.applies(network) is None
    run = found.prepare(network, images)
    with torch.no_grad():
        expected = network.module(images)
    torch.testing.assert_close(run(), expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(run(), expected, atol=1e-4, rtol=1e-4)
    assert found.threads() >= 1
