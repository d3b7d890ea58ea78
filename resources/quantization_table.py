"""Every scheme on torchvision's classifiers: quantized, and how close; or refused, and why."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part, PartName
from backend.errors import CompressionError
from backend.evaluation.sqnr import output_error
from backend.network import Network
from backend.quantization import engine_of, int8_layers, using
from backend.quantization._base import Outcome, Scheme
from backend.recipe import DataSpec, LayerPlan, Recipe, Stage
from backend.registry import method, methods
from backend.session import Session
from backend.stages._layers import quantization_plans
from backend.state import pack_state, unpack_state
from resources.paths import resource

NETWORKS: Mapping[str, int] = {
    "resnet18": 64,
    "mobilenet_v2": 64,
    "mobilenet_v3_small": 64,
    "efficientnet_b0": 64,
    "shufflenet_v2_x0_5": 64,
    "densenet121": 64,
    "squeezenet1_1": 64,
    "googlenet": 64,
    "convnext_tiny": 64,
    "vit_b_16": 64,
}
"""Network → height and width of its input."""
STEPS = 3
"""Of training, for schemes that learn."""
IMAGES = 8
LOW = (torch.int8, torch.uint8, torch.float16, torch.bfloat16)


@dataclass(frozen=True)
class Row:
    """One scheme on one network.

    Attributes:
        network: its name.
        scheme: its id.
        eligible: layers the scheme takes.
        precisions: precision → how many of them are said to have it.
        beside: other layers that compute in it: normalizations.
        hollow: layers said to have it that neither hold a tensor of low precision nor are an int8 kernel.
        sqnr_db: of the output, against the float network on other images.
        reopened: whether saving and opening gives the same outputs, bit for bit.
        left: reason → layers that stayed in float.
        refused: why there is nothing else; empty where it worked.
        seconds: it all took.
    """

    network: str
    scheme: str
    eligible: int
    precisions: Mapping[str, int] = field(default_factory=dict)
    beside: int = 0
    hollow: tuple[str, ...] = ()
    sqnr_db: float = 0.0
    reopened: bool = False
    left: Mapping[str, int] = field(default_factory=dict)
    refused: str = ""
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        """Refused with a reason, or quantized as it says."""
        return bool(self.refused) or (bool(self.precisions) and not self.hollow and self.reopened)


def measured(id: str, build: Callable[[], Network], choices: Mapping[str, object] | None = None) -> Row:
    """Let a scheme quantize the network that ``build`` makes, with its own settings but for ``choices``."""
    begun = time.perf_counter()
    scheme, network = _scheme(id), build()
    stage = Stage("quantize", {"method": id, **(choices or {})})
    session = _session(network, stage)
    plans = quantization_plans(session.network.module, stage)
    eligible = {name for name in plans if name and scheme.applies(network.module.get_submodule(name)) is None}
    try:
        outcome = _outcome(scheme, session, plans)
    except CompressionError as error:
        return Row(network.name, id, len(eligible), refused=str(error), seconds=time.perf_counter() - begun)
    images = torch.randn((2, *network.input_shape), generator=torch.Generator().manual_seed(1))
    made = _outputs(outcome.module, images)
    return Row(
        network.name,
        id,
        len(eligible),
        Counter(str(facts["precision"]) for name, facts in outcome.layers.items() if name in eligible),
        len(outcome.layers.keys() - eligible),
        tuple(sorted(outcome.layers.keys() - set(_held(outcome.module)) - int8_layers(outcome.module).keys())),
        output_error(_outputs(session.network.module, images), made).sqnr_db,
        torch.equal(_outputs(_reopened(scheme, build().module, outcome), images), made),
        Counter(str(why) for why in outcome.left_in_float.values()),
        seconds=time.perf_counter() - begun,
    )


def _scheme(id: str) -> Scheme:
    found = method("quantization", id)
    if not isinstance(found, Scheme):
        raise TypeError(id)
    return found


def _session(network: Network, stage: Stage) -> Session:
    generator = torch.Generator().manual_seed(0)
    names: tuple[PartName, ...] = ("train", "validation", "calibration", "test")
    parts = {
        name: Part(torch.randn((IMAGES, *network.input_shape), generator=generator), torch.arange(IMAGES) % 10)
        for name in names
    }
    channels = network.input_shape[0]
    data = Data(parts, DataSpec(batch_size=4), tuple("0123456789"), (0.0,) * channels, (1.0,) * channels)
    return Session(Recipe(stages=(stage,)), network, network, data, Path(), torch.Generator().manual_seed(0))


def _outcome(scheme: Scheme, session: Session, plans: Mapping[str, LayerPlan]) -> Outcome:
    if scheme.quantize is not None:
        return scheme.quantize(session, plans, 0, lambda _: None, Cancel())
    if scheme.learn is None:
        raise TypeError(scheme.id)
    learner = scheme.learn(session, plans, 0, lambda event: None, Cancel())
    optimizer = torch.optim.SGD([*session.network.module.parameters(), *learner.parameters], lr=1e-4)
    learner.begin()
    for step in range(STEPS):
        learner.module.train()
        images, labels = next(session.data.batches("train"))
        optimizer.zero_grad()
        nn.functional.cross_entropy(learner.module(images), labels).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        learner.after_step((step + 1) / STEPS)
    session.network.module.eval()
    learner.module.eval()
    return learner.convert(lambda _: None, Cancel())


def _outputs(module: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        made: Tensor = module(images)
    return made.float()


def _held(module: nn.Module) -> Iterator[str]:
    """Layers that hold a tensor of low precision."""
    tensors, _ = pack_state(module.state_dict())
    for key, tensor in tensors.items():
        if tensor.dtype in LOW:
            owner = key.rpartition(".")[0]
            while owner:
                yield owner
                owner = owner.rpartition(".")[0]


def _reopened(scheme: Scheme, module: nn.Module, outcome: Outcome) -> nn.Module:
    tensors, layout = pack_state(outcome.module.state_dict())
    again = scheme.rebuild(module, outcome.data)
    with using(engine_of(again)):
        again.load_state_dict(unpack_state(tensors, layout))
    return again.eval()


def quantization_table(lively: Callable[[str, int | None], Network], only: Iterable[str] = ()) -> None:
    """resources/tables/quantization.md; ``only`` names the schemes to measure and print without writing."""
    wanted = tuple(only)
    found: dict[str, list[Row]] = {}
    for id in wanted or sorted(methods("quantization")):
        for name, size in NETWORKS.items():
            row = measured(id, lambda name=name, size=size: lively(name, size))  # type: ignore[misc]
            found.setdefault(id, []).append(row)
            print(id, _line(row), f"{row.seconds:.0f} s", file=sys.stderr, flush=True)
    if wanted:
        return
    text = "\n".join([INTRODUCTION, *(line for id, rows in found.items() for line in _section(id, rows)), ""])
    resource("tables").mkdir(exist_ok=True)
    resource("tables/quantization.md").write_text(text, encoding="utf-8")


INTRODUCTION = f"""# Every quantization scheme on torchvision's classifiers

`make tables` makes this table. Every network has random weights (biases, scales, shifts and statistics of its
normalization layers too, so that nothing hides) and random images of 64×64. Schemes that learn train {STEPS} steps
first. *Layers* are those that really hold weights of low precision, of those the scheme takes; *SQNR* compares the
network's output with the float network's on other images. Every quantized network was written as it is saved, opened
again, and gave the same outputs bit for bit; where it did not, or where a layer is called int8 and holds no int8,
the row says FAILED. On random weights nothing is trained to be robust: trained networks lose less."""


def _section(id: str, rows: Iterable[Row]) -> Iterator[str]:
    scheme = _scheme(id)
    yield f"\n## {scheme.label} (`{id}`)\n\n{scheme.summary}\n"
    yield "| network | layers | SQNR | in float, and why |\n|---|---|---:|---|"
    for row in rows:
        yield _line(row)


def _line(row: Row) -> str:
    if row.refused:
        return f"| {row.network} | refused | – | {row.refused} |"
    layers = ", ".join(f"{count} of {row.eligible} {precision}" for precision, count in row.precisions.items())
    layers += f", and {row.beside} normalizations" if row.beside else ""
    left = "; ".join(f"{count}: {why}" for why, count in row.left.items())
    failed = "" if row.right else " FAILED"
    return f"| {row.network} | {layers}{failed} | {row.sqnr_db:.1f} dB | {left} |"
