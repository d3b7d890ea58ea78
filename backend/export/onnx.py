"""ONNX in float32, for every runtime that reads it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from backend.errors import CompressionError, Message, msg
from backend.export._base import ExportFormat, Function, Structure
from backend.network import Network
from backend.quantization import int8_layers
from backend.quantization._plain import in_float32

# Above two gigabytes a file needs its weights beside it (protobuf's limit).
LARGEST = 2**31 - 2**24


def _applies(network: Network) -> Message | None:
    if int8_layers(network.module):
        return msg("An int8 network can't be written as ONNX yet.")
    if sum(t.nbytes for t in network.module.state_dict().values() if isinstance(t, Tensor)) > LARGEST:
        return msg("The network is larger than 2 GB, which one ONNX file can't hold.")
    return None


def _encode(network: Network) -> bytes:
    module = in_float32(network.module)
    # An example of batch 1 would make the batch a constant.
    example = network.example(batch=2)
    try:
        with _quiet():
            program = torch.onnx.export(
                module,
                (example,),
                dynamo=True,
                input_names=["images"],
                output_names=["outputs"],
                dynamic_shapes=({0: torch.export.Dim("batch")},),
                external_data=False,
                verbose=False,
            )
    except torch.onnx.OnnxExporterError as error:
        raise CompressionError(
            msg("PyTorch's exporter can't express this network in ONNX."),
            msg("Export the state dict or safetensors instead."),
            details=str(error),
        ) from error
    if program is None:
        raise TypeError("torch.onnx.export returned no program")
    content: bytes = program.model_proto.SerializeToString()
    return content


def _decode(content: bytes, _structure: Structure) -> Function:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    (name,) = [entry.name for entry in session.get_inputs()]

    def run(images: Tensor) -> Tensor:
        outputs = session.run(None, {name: images.contiguous().numpy()})
        return torch.from_numpy(outputs[0])

    return run


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter reports its own deprecations and progress; none of it is the person's."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


METHOD = ExportFormat(
    id="onnx",
    label="ONNX",
    summary="Structure and weights, always as float32 (.onnx), with a free batch size, checked with ONNX Runtime.",
    when="For other runtimes and languages: ONNX Runtime, OpenVINO, TensorRT. Low precision is written as float32.",
    suffix=".onnx",
    applies=_applies,
    encode=_encode,
    decode=_decode,
    runtime="onnxruntime",
    holds_int8=False,
)
