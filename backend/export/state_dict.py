"""PyTorch's usual file: the state dict, without the code."""

from __future__ import annotations

import io

import torch

from backend.errors import Message, msg
from backend.export._base import ExportFormat, Function, Structure, evaluated
from backend.network import Network


def _applies(network: Network) -> Message | None:
    if any(isinstance(value, torch.ScriptObject) for value in network.module.state_dict().values()):
        return msg("A state dict with recurrent layers in int8 can't be read back without running a pickle.")
    return None


def _encode(network: Network) -> bytes:
    content = io.BytesIO()
    torch.save(network.module.state_dict(), content)
    return content.getvalue()


def _decode(content: bytes, structure: Structure) -> Function:
    state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    module = structure()
    module.load_state_dict(state)
    return evaluated(module)


METHOD = ExportFormat(
    id="state_dict",
    label="PyTorch state dict",
    summary="Weights by name (.pth), for load_state_dict. The network's code must be at hand to use it.",
    when="For PyTorch code that calls load_state_dict; every training script can.",
    suffix=".pth",
    applies=_applies,
    encode=_encode,
    decode=_decode,
)
