"""PyTorch itself, on the processor, as the network is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from backend.errors import Message
from backend.evaluation.runtimes._base import Runtime

if TYPE_CHECKING:
    from backend.network import Network


def _applies(_network: Network) -> Message | None:
    return None


def _prepare(network: Network, images: Tensor) -> Callable[[], Tensor]:
    module = network.module
    if network.example().device.type != "cpu":
        module = copy.deepcopy(module).cpu()
    module.eval()
    images = images.cpu()

    def run() -> Tensor:
        with torch.inference_mode():
            outputs: Tensor = module(images)
        return outputs

    return run


METHOD = Runtime(
    id="torch",
    label="PyTorch",
    summary="Runs the network with PyTorch on the processor, layer by layer.",
    when="Always: what is measured here is what the network does in PyTorch on this computer.",
    applies=_applies,
    prepare=_prepare,
    threads=torch.get_num_threads,
)
