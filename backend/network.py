"""A changed network is data: its source, the edits made to it, and its weights.

Opening one builds the source, replays the edits and loads the weights strictly. Checkpoints, resume
and every export stand on it, so nothing of ours ever needs pickle.
"""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from backend import FORMAT
from backend.errors import CompressionError, Message, msg
from backend.files import write_json, writing
from backend.recipe import ModelSpec
from backend.state import pack_state, unpack_state

STRUCTURE = "network.json"
WEIGHTS = "weights.safetensors"


@dataclass(frozen=True)
class Edit:
    """One change of structure that JSON can hold.

    ``kind`` is ``quantize`` (``data["method"]`` names the scheme whose ``rebuild`` makes it again), ``remove``
    (channels), ``drop`` (blocks), or what prepares a network for removal: ``attention``, ``rewrite``.
    """

    kind: str
    data: Mapping[str, Any]


@dataclass
class Network:
    """A network and how it came to be.

    Attributes:
        name: what to call it.
        spec: the resolved source.
        module: the network itself, in evaluation mode.
        input_shape: C×H×W of one input.
        classes: outputs of the classifier, None if unknown.
        edits: what changed its structure, in order.
        notes: what was decided while opening.
    """

    name: str
    spec: ModelSpec
    module: nn.Module
    input_shape: tuple[int, ...]
    classes: int | None = None
    edits: tuple[Edit, ...] = ()
    notes: tuple[Message, ...] = field(default=())

    @property
    def converted(self) -> bool:
        """Whether its weights are in low precision, and can no longer be trained."""
        return any(edit.kind == "quantize" for edit in self.edits)

    @property
    def device(self) -> torch.device:
        """Where the weights are; a network without any (int8 kernels hold theirs) runs on the CPU."""
        first = next(itertools.chain(self.module.parameters(), self.module.buffers()), None)
        return first.device if first is not None else torch.device("cpu")

    def copy(self) -> Network:
        """An independent copy: changing one leaves the other."""
        with packing(self.module):
            module = copy.deepcopy(self.module)
        return Network(self.name, self.spec, module, self.input_shape, self.classes, self.edits, self.notes)

    def example(self, batch: int = 1) -> Tensor:
        """An input of the right shape on the network's device (zeros, float32)."""
        return torch.zeros((batch, *self.input_shape), device=self.device)

    def weights_bytes(self) -> bytes:
        """The weights as a safetensors file: what Pare would ship for this state."""
        tensors, layout = pack_state(self.module.state_dict())
        return save(tensors, {"pare": json.dumps({"pare": FORMAT, "layout": layout})})

    def save(self, folder: Path) -> None:
        """Write ``network.json`` and ``weights.safetensors`` into ``folder``, each whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        with writing(folder / WEIGHTS) as part:
            part.write_bytes(self.weights_bytes())
        write_json(folder / STRUCTURE, self.structure())

    def structure(self) -> dict[str, Any]:
        """Source and edits: what the weights belong to, as ``network.json`` holds it."""
        return {
            "pare": FORMAT,
            "name": self.name,
            "model": self.spec.to_data(),
            "input_shape": list(self.input_shape),
            "classes": self.classes,
            "edits": [{"kind": edit.kind, "data": dict(edit.data)} for edit in self.edits],
        }


def twin(module: nn.Module) -> nn.Module:
    """A copy whose structure may change and whose parameters and buffers are those of ``module``."""
    shared = {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())}
    return copy.deepcopy(module, shared)


@contextmanager
def packing(module: nn.Module) -> Iterator[None]:
    """Let torch pack weights for the int8 engine ``module`` was made for; a float network needs none."""
    if not any("int8_engine" in part.__dict__ for part in module.modules()):
        yield
        return
    from backend.quantization import engine_of, using

    with using(engine_of(module)):
        yield


def load_weights(module: nn.Module, path: Path) -> None:
    """Load a ``weights.safetensors`` of :meth:`Network.save` strictly into ``module``.

    Raises:
        CompressionError: the file is damaged or belongs to another network.
    """
    try:
        with safe_open(path, framework="pt") as file:
            layout = json.loads((file.metadata() or {}).get("pare", "{}")).get("layout", {})
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 — not a dict
        with packing(module):
            module.load_state_dict(unpack_state(tensors, layout))
    except (SafetensorError, OSError, KeyError, RuntimeError, ValueError) as error:
        raise CompressionError(
            msg("The weights in {path} do not fit the network beside them.", path=str(path)),
            msg("The folder was changed after Pare wrote it; run the recipe again."),
            details=str(error),
        ) from error
