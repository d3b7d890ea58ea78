"""Makes resources/tables/: what was measured and is shown in the documentation.

Run it from the project's root: ``make tables``. Half an hour on one core; nothing is downloaded. ``removal``,
``quantization`` or ``pipelines`` after the module's name makes one of them; schemes after ``quantization`` are measured
and printed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from backend.evaluation.latency import Timing, race
from backend.evaluation.macs import shapes
from backend.models._designs import named, without_memory
from backend.network import Network
from backend.pruning._masks import apply_masks
from backend.recipe import ModelSpec
from backend.removal import Agreement, Structure, agreement, analyze, checked, prepared, remove
from resources.paths import resource
from resources.pipeline_table import pipeline_table
from resources.quantization_table import quantization_table

NETWORKS = (
    "alexnet",
    "vgg11",
    "vgg16_bn",
    "resnet18",
    "resnet50",
    "wide_resnet50_2",
    "resnext50_32x4d",
    "squeezenet1_0",
    "squeezenet1_1",
    "densenet121",
    "googlenet",
    "inception_v3",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
    "mnasnet0_5",
    "mnasnet1_0",
    "shufflenet_v2_x0_5",
    "shufflenet_v2_x1_0",
    "efficientnet_b0",
    "efficientnet_v2_s",
    "regnet_x_400mf",
    "regnet_y_400mf",
    "convnext_tiny",
    "vit_b_16",
    "vit_b_32",
    "swin_t",
    "swin_v2_t",
    "maxvit_t",
)
SHARE = 0.5
SECONDS = 1.5
"""For the race between masked and smaller network, each network."""
TILE = 1_000_003
"""Random numbers drawn for a network; larger tensors repeat them. A prime, so that no two rows are alike."""


@dataclass(frozen=True)
class Row:
    """One network: what removal did to it."""

    name: str
    structure: Structure
    before: tuple[int, int]
    after: tuple[int, int]
    agreement: Agreement
    seconds: float
    timing: Mapping[str, Timing]

    @property
    def layers(self) -> int:
        return len({layer for group in self.structure.groups for layer in group.layers})


def lively(name: str, size: int | None = None) -> Network:
    """A classifier with random weights that hide no mistake: biases, scales, shifts and statistics of
    normalization are random too.

    Args:
        name: as torchvision calls it, or a bundled one.
        size: height and width of its input; its own by default.
    """
    design = named(name)
    if size and name.startswith("vit"):
        design = replace(design, arguments={"image_size": size})
    module = without_memory(design.build)
    numbers = torch.rand(TILE, generator=torch.Generator().manual_seed(0)) * 2 - 1
    offset = 0
    for owner, key, tensor in _tensors(module):
        offset = (offset + 7919) % TILE
        made = _values(key, tensor, numbers, offset) if tensor.is_meta or isinstance(tensor, nn.Parameter) else None
        if made is not None:
            (owner._parameters if key in owner._parameters else owner._buffers)[key] = made  # type: ignore[assignment]
    shape = (design.input_shape[0], size, size) if size else design.input_shape
    return Network(name, ModelSpec(design.family, name), module.eval(), shape, design.num_classes)


def _tensors(module: nn.Module) -> Iterator[tuple[nn.Module, str, Tensor]]:
    for part in module.modules():
        for key, tensor in (*part._parameters.items(), *part._buffers.items()):
            if tensor is not None:
                yield part, key, tensor


def _values(key: str, tensor: Tensor, numbers: Tensor, offset: int) -> Tensor:
    """Weights that keep the size of what passes; normalization that changes it a little."""
    if not tensor.is_floating_point():
        return torch.zeros(tensor.shape, dtype=tensor.dtype)
    count = tensor.numel()
    tiles = numbers.repeat((offset + count) // TILE + 1) if offset + count > TILE else numbers
    values = tiles[offset : offset + count].view(tensor.shape).clone()
    if tensor.dim() > 1:
        values *= (3 / max(1, tensor[0].numel())) ** 0.5
    elif key in ("weight", "running_var"):
        values.div_(2).add_(1)
    else:
        values /= 4
    return nn.Parameter(values) if isinstance(tensor, nn.Parameter) else values


def smallest_half(network: Network, structure: Structure, share: float = SHARE) -> dict[str, Tensor]:
    """Group → the ``share`` of its units with the smallest Euclidean norm over all of its layers; one stays."""
    removed: dict[str, Tensor] = {}
    for group in structure.groups:
        norms = torch.zeros(group.units)
        for layer, rows in group.rows.items():
            weight = network.module.get_parameter(f"{layer}.weight").detach()
            norms += weight.flatten(1).square().sum(dim=1)[rows].sum(dim=1)
        removed[group.name] = norms.argsort()[: min(round(share * group.units), group.units - 1)]
    return removed


def measured(network: Network, seconds: float = 0.0) -> Row:
    """Remove half of every group of ``network`` and compare.

    Args:
        network: with lively weights.
        seconds: for timing masked and smaller network against each other; 0 leaves that out.
    """
    begun = time.perf_counter()
    network = prepared(network)
    structure = checked(network, analyze(network))
    spent = time.perf_counter() - begun
    removed = smallest_half(network, structure)
    smaller = remove(network, structure, removed)
    masked = network.copy()
    apply_masks(masked.module, structure.silenced(removed))
    images = torch.randn((2, *network.input_shape), generator=torch.Generator().manual_seed(1))
    found = agreement(masked.module, smaller.module, images)
    timing = race(_calls({"masked": masked, "smaller": smaller}, images[:1]), seconds=seconds) if seconds else {}
    return Row(network.name, structure, _size(network), _size(smaller), found, spent, timing)


def _size(network: Network) -> tuple[int, int]:
    return sum(p.numel() for p in network.module.parameters()), sum(shapes(network).macs.values())


def _calls(networks: Mapping[str, Network], images: Tensor) -> dict[str, Any]:
    def call(module: nn.Module) -> Any:
        with torch.inference_mode():
            return module(images)

    return {name: lambda module=network.module: call(module) for name, network in networks.items()}


def removal_table() -> None:
    """resources/tables/removal.md."""
    rows = []
    for name in NETWORKS:
        rows.append(measured(lively(name), SECONDS))
        print(_line(rows[-1]), file=sys.stderr, flush=True)
    text = "\n".join([INTRODUCTION, *(_line(row) for row in rows), "", REFUSALS, *_refusals(rows), ""])
    resource("tables").mkdir(exist_ok=True)
    resource("tables/removal.md").write_text(text, encoding="utf-8")


INTRODUCTION = f"""# Removing channels from torchvision's classifiers

`make tables` makes this table. Every network has random weights (biases, scales, shifts and statistics of its
normalization layers too, so that nothing hides). Of every group of channels that can only go together, the
{SHARE:.0%} with the smallest Euclidean norm go. *Masked* is the same network with these channels at zero after
their normalization and activation; the error is the largest difference between its outputs and those of the
smaller network, on two random images, as a share of the largest output. Analysis includes the trial removal.
Latency: median of one image, masked and smaller network in turns, PyTorch on {torch.get_num_threads()} thread(s).

| network | layers | removable | parameters | MACs | error | equal | analysis | latency masked → smaller |
|---|---:|---:|---:|---:|---:|---|---:|---:|"""
REFUSALS = """## What is refused, and why

| network | layers | reason | for instance |
|---|---:|---|---|"""


def _line(row: Row) -> str:
    (parameters, macs), (fewer, less) = row.before, row.after
    latency = "–"
    if row.timing:
        masked, smaller = row.timing["masked"].median, row.timing["smaller"].median
        latency = f"{masked:.1f} → {smaller:.1f} ms (÷{masked / smaller:.1f})"
    cells = [
        row.name,
        str(row.layers + len(row.structure.refused)),
        str(row.layers),
        _change(parameters, fewer, 1e6, "M"),
        _change(macs, less, 1e9, "G"),
        f"{row.agreement.max_abs_error / row.agreement.scale:.0e}",
        "yes" if row.agreement.equal else "NO",
        f"{row.seconds:.1f} s",
        latency,
    ]
    return f"| {' | '.join(cells)} |"


def _change(before: int, after: int, unit: float, letter: str) -> str:
    return f"{before / unit:.2f} → {after / unit:.2f} {letter} (÷{before / after:.1f})"


def _refusals(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        reasons = Counter(str(why) for why in row.structure.refused.values())
        for reason, count in reasons.most_common():
            layer = next(name for name, why in row.structure.refused.items() if str(why) == reason)
            yield f"| {row.name} | {count} | {reason} | {layer} |"


def main(wanted: list[str]) -> None:
    """Make the table that is named, all of them by default."""
    if not wanted or wanted[0] == "removal":
        removal_table()
    if not wanted or wanted[0] == "quantization":
        quantization_table(lively, wanted[1:])
    if not wanted or wanted[0] == "pipelines":
        pipeline_table()


if __name__ == "__main__":
    main(sys.argv[1:])
