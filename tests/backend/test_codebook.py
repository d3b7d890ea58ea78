"""Weight sharing and the encoded file: centroids as Deep Compression defines them, outputs as they were."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from backend import encoding
from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import CompressionError
from backend.evaluation.size import size_bytes
from backend.events import Event, Finished
from backend.export import export_run
from backend.export._base import ExportFormat
from backend.models import reopen
from backend.network import WEIGHTS, Network
from backend.pruning._masks import apply_masks
from backend.quantization._base import Learner, Outcome, Scheme
from backend.quantization._engines import default_engine
from backend.quantization.codebook import cluster, weight
from backend.recipe import DataSpec, LayerPlan, ModelSpec, Recipe, Rule, Stage, merged, recipe_from_data
from backend.registry import catalogue, method
from backend.session import Session
from backend.state import pack_state
from tests.backend.conftest import carried_out

SCHEME = cast(Scheme, method("quantization", "codebook"))


def naive(values: np.ndarray, bits: int) -> np.ndarray:
    """Lloyd's algorithm as a textbook has it: every weight to its nearest centroid, every centroid to its mean."""
    present = values[values != 0].astype(np.float64)
    centroids = np.linspace(present.min(), present.max(), 2**bits)
    while True:
        nearest = np.abs(present[:, None] - centroids).argmin(1)
        moved = np.array([present[nearest == k].mean() if (nearest == k).any() else c for k, c in enumerate(centroids)])
        if np.allclose(moved, centroids, rtol=0, atol=1e-12):
            return moved
        centroids = moved


@pytest.mark.parametrize("bits", [1, 2, 4, 6])
@pytest.mark.parametrize("density", [1.0, 0.1])
def test_that_centroids_are_those_of_lloyds_algorithm_from_a_linear_start(bits: int, density: float) -> None:
    generator = torch.Generator().manual_seed(bits)
    values = torch.randn(40, 50, generator=generator) * (torch.rand(40, 50, generator=generator) < density)
    centroids, codes = cluster(values, bits)
    assert np.allclose(centroids.numpy(), naive(values.numpy(), bits), atol=1e-6)
    distance = (values[..., None] - centroids).abs()
    own = distance.gather(-1, codes.clamp(max=2**bits - 1)[..., None])[..., 0]
    assert bool((own <= distance.amin(-1) + 1e-7)[values != 0].all())


def test_that_zeros_stay_zero_and_take_no_centroid() -> None:
    values = torch.tensor([[-1.0, 0.0, 1.0], [-0.0, 0.9, -1.1]])
    shared = weight(values, {"bits": 1})
    assert torch.equal(shared == 0, values == 0)
    assert torch.allclose(shared, torch.tensor([[-1.05, 0, 0.95], [0, 0.95, -1.05]]))
    assert not bool(shared[values == 0].signbit().any())


@pytest.mark.parametrize("values", [torch.zeros(3, 4), torch.full((3, 4), -0.5), torch.tensor([[1e-40, 3.0], [0, -7]])])
def test_that_few_different_values_are_kept_as_they_are(values: Tensor) -> None:
    assert torch.equal(weight(values, {"bits": 2}), values)


def test_that_a_layer_has_no_more_values_than_its_bits_can_name() -> None:
    values = torch.randn(100, 100, generator=torch.Generator().manual_seed(0))
    for bits in range(1, 9):
        assert len(weight(values, {"bits": bits}).unique()) <= 2**bits


class Small(nn.Module):
    """A convolution, a BatchNorm, a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 3)
        self.bn = nn.BatchNorm2d(6)
        self.fc = nn.Linear(6 * 16, 3)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.fc(torch.relu(self.bn(self.conv(x))).flatten(1))
        return scores


@pytest.fixture
def session(tmp_path: Path) -> Session:
    torch.manual_seed(0)
    network = Network("small", ModelSpec("python", "small"), Small().eval(), (1, 6, 6), 3)
    part = Part(torch.rand(24, 1, 6, 6), torch.arange(24) % 3)
    data = Data(dict.fromkeys(("train", "validation", "calibration", "test"), part), DataSpec(), ("a",), (0.0,), (1.0,))
    return Session(Recipe(), network.copy(), network, data, tmp_path, torch.Generator())


def plans(**bits: int) -> dict[str, LayerPlan]:
    return {name: LayerPlan({"method": "codebook", "bits": count, "start": 0.0}, "") for name, count in bits.items()}


def quantized(session: Session, **bits: int) -> Outcome:
    assert SCHEME.quantize is not None
    return SCHEME.quantize(session, plans(**bits), 0, lambda _: None, Cancel())


def learner_of(session: Session, **bits: int) -> Learner:
    assert SCHEME.learn is not None
    return SCHEME.learn(session, plans(**bits), 0, lambda event: None, Cancel())


def step(learner: Learner, session: Session, optimizer: torch.optim.Optimizer) -> Tensor:
    """One batch; the gradient of fc's weight."""
    part = session.data.parts["train"]
    optimizer.zero_grad()
    nn.functional.cross_entropy(learner.module(part.images), part.labels).backward()
    optimizer.step()
    apply_masks(session.network.module, session.masks)
    learner.after_step(1.0)
    gradient = fc_weight(session).grad
    assert gradient is not None
    return gradient


def fc_weight(session: Session) -> nn.Parameter:
    return session.network.module.get_submodule("fc").get_parameter("weight")


def test_that_a_centroids_gradient_is_the_sum_over_its_cluster(session: Session) -> None:
    fc = fc_weight(session)
    with torch.no_grad():
        fc[:, ::3] = 0
    learner = learner_of(session, fc=2)
    learner.begin()
    before = fc.detach().clone()
    gradient = step(learner, session, torch.optim.SGD([*session.network.module.parameters(), *learner.parameters], 0.1))
    for value in before.unique():
        cluster_of = before == value
        expected = 0.0 if value == 0 else float(value - 0.1 * gradient[cluster_of].sum())
        assert torch.allclose(fc[cluster_of], torch.tensor(expected), atol=1e-6)
    assert len(before.unique()) == 5


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.Adam])
def test_that_pruned_weights_stay_exactly_zero_while_centroids_learn(
    make: type[torch.optim.Optimizer], session: Session
) -> None:
    fc = fc_weight(session)
    mask = (torch.rand(fc.shape, generator=torch.Generator().manual_seed(0)) < 0.3).float()
    session.masks = {"fc.weight": mask}
    with torch.no_grad():
        fc.mul_(mask)
    learner = learner_of(session, fc=3, conv=3)
    optimizer = make([*session.network.module.parameters(), *learner.parameters], lr=0.05)  # type: ignore[call-arg]
    step(learner, session, optimizer)
    learner.begin()
    for _ in range(3):
        step(learner, session, optimizer)
    assert torch.equal(fc == 0, mask == 0)
    assert len(fc.unique()) == 9
    session.masks = {"fc.weight": mask.clone()}
    session.masks["fc.weight"][0] = 0  # pruned meanwhile
    step(learner, session, optimizer)
    assert not fc[0].any()


def test_that_the_converted_network_computes_what_was_trained(session: Session) -> None:
    learner = learner_of(session, fc=3, conv=4)
    learner.begin()
    step(learner, session, torch.optim.SGD([*session.network.module.parameters(), *learner.parameters], 0.1))
    learner.module.eval()
    images = session.data.parts["test"].images
    outcome = learner.convert(lambda _: None, Cancel())
    with torch.no_grad():
        assert torch.equal(outcome.module(images), learner.module(images))
    assert {name: row["precision"] for name, row in outcome.layers.items()} == {"fc": "codebook3", "conv": "codebook4"}
    assert outcome.reference is not None
    assert len(outcome.reference.get_submodule("fc").get_parameter("weight").unique()) > 2**3


def test_that_a_copy_made_while_it_learns_stands_by_itself(session: Session) -> None:
    learner = learner_of(session, fc=2)
    learner.begin()
    other = copy.deepcopy(learner.module)
    other(session.data.parts["train"].images).sum().backward()
    assert learner.parameters[0].grad is None


def test_that_two_layers_with_one_weight_share_their_centroids(session: Session) -> None:
    module = session.network.module
    module.add_module("again", nn.Linear(96, 3))
    module.get_submodule("again").weight = fc_weight(session)
    learner = learner_of(session, fc=2, again=2)
    assert len(learner.parameters) == 1
    learner.begin()
    made = learner.convert(lambda _: None, Cancel()).module
    assert torch.equal(made.get_submodule("fc").weight, made.get_submodule("again").weight)  # type: ignore[arg-type]


def test_that_the_file_becomes_as_small_as_bits_and_zeros_allow(session: Session) -> None:
    session.network.module = nn.Sequential(nn.Linear(400, 300))
    linear = session.network.module[0]
    with torch.no_grad():
        linear.weight.mul_(torch.rand(300, 400, generator=torch.Generator().manual_seed(0)) < 0.05)
    before = size_bytes(session.network)
    outcome = quantized(session, **{"0": 4})
    after = size_bytes(replace(session.network, module=outcome.module))
    present = int(linear.weight.count_nonzero())
    assert after < present * (4 + 5.8) / 8 + 300 * 4 + 600
    assert before / after > 50


def test_that_weights_that_are_not_finite_are_refused_before_they_train(session: Session) -> None:
    fc_weight(session).data[0, 0] = torch.nan
    assert set(quantized(session, conv=4, bn=4).layers) == {"conv"}
    entry = Stage("quantize", {"method": "codebook"})
    session.recipe = replace(session.recipe, stages=(Stage("train", {}, (), (entry,)),))
    with pytest.raises(CompressionError, match="The weights of fc hold NaN") as caught:
        SCHEME.learn(session, plans(fc=4), 0, lambda event: None, Cancel())  # type: ignore[misc]
    assert caught.value.repair is not None
    edited = merged(session.recipe, caught.value.repair.edits, catalogue())
    assert edited.stages[0].during[0].layers == (Rule("fc", None),)


def test_that_weights_it_can_not_share_stay_in_float_with_the_reason(session: Session) -> None:
    """Attention computes with a weight that no layer owns; of a normalization nothing is expected."""
    session.network.module = nn.TransformerEncoderLayer(8, 2, 16).eval()
    outcome = quantized(session, **{"": 4, "self_attn.out_proj": 4, "linear1": 4, "linear2": 4, "norm1": 4})
    assert set(outcome.layers) == {"self_attn.out_proj", "linear1", "linear2"}
    assert outcome.left_in_float.keys() == {"self_attn"}
    with pytest.raises(CompressionError, match="None of the chosen layers has a weight"):
        quantized(session, norm1=4)


DEEP_COMPRESSION: list[Any] = [
    {
        "train": {
            "epochs": 2,
            "optimizer": "adam",
            "from_scratch": True,
            "during": [{"prune": {"method": "l1_unstructured", "amount": 0.9, "scope": "global"}}],
        }
    },
    {
        "train": {
            "epochs": 2,
            "optimizer": "adam",
            "during": [{"quantize": {"method": "codebook", "bits": 4, "start": 0.5, "layers": {"conv1": {"bits": 6}}}}],
        }
    },
]


@pytest.fixture(scope="module")
def compressed(blobs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A run of Deep Compression on the blobs."""
    data = {
        "name": "deep compression",
        "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
        "data": {"source": "arrays", "root": str(blobs), "batch_size": 32},
        "stages": DEEP_COMPRESSION,
    }
    folder = tmp_path_factory.mktemp("runs") / "运行 one"
    return folder, carried_out(recipe_from_data(data, catalogue()), folder)


@pytest.fixture(scope="module")
def exported(compressed: tuple[Path, list[Event]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The row of its encoded file, which stands in a folder of its own."""
    folder = tmp_path_factory.mktemp("exports")
    (row,) = export_run(compressed[0], ["encoded"], folder, "net", lambda _: None, Cancel())
    return row


def test_that_deep_compression_is_one_recipe(compressed: tuple[Path, list[Event]], exported: dict[str, Any]) -> None:
    ending = compressed[1][-1]
    assert isinstance(ending, Finished), ending
    result = ending.result
    assert exported["verified"]
    assert exported["max_abs_error"] == 0
    assert exported["accuracy"] == result["final"]["accuracy"]
    assert result["final"]["size_bytes"] < result["baseline"]["size_bytes"] / 20
    assert exported["size_bytes"] < result["final"]["size_bytes"]
    layers = {layer["name"]: layer for layer in result["stages"][-1]["layers"]}
    assert layers["conv1"]["precision"] == "codebook6"
    assert layers["fc1"]["precision"] == "codebook4"
    assert 5 < layers["fc1"]["sqnr_db"] < 60


def test_that_the_decoder_beside_the_file_gives_the_networks_weights(
    compressed: tuple[Path, list[Event]], exported: dict[str, Any], tmp_path: Path
) -> None:
    file = Path(exported["path"])
    assert {other.name for other in file.parent.iterdir()} == {"net.encoded", "pare_decode.py"}
    command = [sys.executable, "pare_decode.py", file.name, str(tmp_path / "out.npz")]
    assert subprocess.run(command, cwd=file.parent, capture_output=True, timeout=60, check=False).returncode == 0
    module = reopen(compressed[0]).module
    with np.load(tmp_path / "out.npz") as found:
        assert set(found.files) == {f"{name}.{kind}" for name in LENET for kind in ("weight", "bias")}
        for name in found.files:
            layer, kind = name.split(".")
            held = getattr(module.get_submodule(layer), kind).detach().numpy()
            assert (found[name].dtype, found[name].tobytes()) == (held.dtype, held.tobytes())


LENET = ("conv1", "conv2", "fc1", "fc2", "fc3")


def test_that_the_header_says_what_the_weights_belong_to_and_nothing_of_this_machine(exported: dict[str, Any]) -> None:
    header, _ = encoding.read(Path(exported["path"]).read_bytes())
    assert header["network"]["model"]["name"] == "lenet5"
    assert header["network"]["edits"][0]["data"]["method"] == "codebook"
    assert str(Path.home()) not in json.dumps(header)


def test_that_where_the_source_lies_stays_out_of_the_file(session: Session) -> None:
    spec = ModelSpec("python", weights="/home/me/net.pth", file="/home/me/net.py", class_name="Net")
    header, _ = encoding.read(FORMAT.encode(replace(session.network, spec=spec)))
    assert header["network"]["model"] == {"source": "python", "file": "net.py", "class": "Net"}


def test_that_a_damaged_stream_is_a_sentence(compressed: tuple[Path, list[Event]], tmp_path: Path) -> None:
    reopen(compressed[0]).save(tmp_path)
    content = bytearray((tmp_path / WEIGHTS).read_bytes())
    content[-20] ^= 1  # packed streams are bytes, which the file holds last
    (tmp_path / WEIGHTS).write_bytes(content)
    with pytest.raises(CompressionError, match="do not fit"):
        reopen(tmp_path)


Change = Callable[[nn.Module], nn.Module]
FORMAT = cast(ExportFormat, method("export", "encoded"))


def int8(module: nn.Module) -> nn.Module:
    scheme = cast(Scheme, method("quantization", "dynamic_int8"))
    return scheme.rebuild(module, {"engine": default_engine(), "layers": {"fc": True}})


def pruned(module: nn.Module) -> nn.Module:
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(torch.rand_like(parameter) < 0.5)
    return module


@pytest.mark.parametrize(
    "change",
    [lambda module: module, nn.Module.double, nn.Module.half, nn.Module.bfloat16, pruned, int8],
    ids=["float32", "float64", "float16", "bfloat16", "pruned", "int8"],
)
def test_that_every_state_comes_back_bit_for_bit(change: Change, session: Session) -> None:
    came_back(replace(session.network, module=change(session.network.module)), change)


def test_that_shared_weights_come_back_bit_for_bit(session: Session) -> None:
    outcome = quantized(session, conv=3, fc=2)
    network = replace(session.network, module=outcome.module)
    came_back(network, lambda module: SCHEME.rebuild(module, outcome.data))


def came_back(network: Network, change: Change) -> None:
    """Written, and read into the same structure with other weights."""
    rebuilt = change(Small())
    FORMAT.decode(FORMAT.encode(network), lambda: rebuilt)
    before, layout = pack_state(network.module.state_dict())
    after, again = pack_state(rebuilt.state_dict())
    assert before.keys() == after.keys() and layout == again
    for name, tensor in before.items():
        assert tensor.dtype == after[name].dtype
        assert torch.equal(tensor.reshape(-1).view(torch.uint8), after[name].reshape(-1).view(torch.uint8))


def test_that_a_type_it_does_not_hold_is_refused_by_name(session: Session) -> None:
    assert FORMAT.applies(session.network) is None
    session.network.module.register_buffer("turns", torch.zeros(2, dtype=torch.complex128))
    why = FORMAT.applies(session.network)
    assert str(why) == "turns is of the type complex128, which the encoded file does not hold."
