"""The whole network as one pickle, structure and weights."""

from __future__ import annotations

import io
import pickle

import torch

from backend.errors import CompressionError, Message, msg
from backend.export._base import ExportFormat, Function, Structure, evaluated
from backend.network import Network

# The source whose classes exist only while Pare has the person's file loaded.
PYTHON = "python"


def _applies(network: Network) -> Message | None:
    if network.spec.source == PYTHON:
        return msg("A network from a Python file can't be pickled whole: its class can't be imported by name.")
    return None


def _encode(network: Network) -> bytes:
    content = io.BytesIO()
    try:
        torch.save(network.module, content)
    except (TypeError, AttributeError, ValueError, RuntimeError, pickle.PicklingError) as error:
        raise CompressionError(
            msg("This network can't be pickled whole."),
            msg("Export the state dict or safetensors instead."),
            details=f"{type(error).__name__}: {error}",
        ) from error
    return content.getvalue()


def _decode(content: bytes, _structure: Structure) -> Function:
    # A pickle runs code when it is read. These are the very bytes that Pare wrote a moment ago:
    # load() has compared their SHA-256. No other pickle is ever read so.
    return evaluated(torch.load(io.BytesIO(content), map_location="cpu", weights_only=False))


METHOD = ExportFormat(
    id="whole_module",
    label="PyTorch module",
    summary="Structure and weights in one pickle (.module.pth), for torch.load where the same classes can be imported.",
    suffix=".module.pth",
    applies=_applies,
    encode=_encode,
    decode=_decode,
)
