"""Which inputs a network takes and how many outputs it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from backend.errors import CompressionError, Message, msg
from backend.network import Network

SIZES = (28, 32, 224, 64, 96, 128, 160, 256, 299, 384, 48, 16, 8)
SMALL = 12_000_000
"""Parameters: up to a ResNet-18."""
CLIPPED = 0.1
"""Share of outputs that are exactly 0 from which a network whose outputs are never negative seems to end in a ReLU."""
FLAT = {784: (1, 28, 28), 1024: (1, 32, 32), 3072: (3, 32, 32)}
"""Images that a first linear layer of so many inputs is usually meant for."""


def find_input_shape(module: nn.Module, name: str) -> tuple[int, ...]:
    """A shape that a forward pass accepts, the usual sizes of images first.

    Raises:
        CompressionError: none of them is accepted.
    """
    for shape in _guesses(module):
        try:
            with torch.no_grad():
                module(_zeros(module, shape))
        except Exception:
            continue
        return shape
    raise CompressionError(
        msg("Pare can't tell which input {name} takes.", name=name),
        msg("Choose its data too, or give the class an attribute such as input_shape = (3, 32, 32)."),
    )


def outputs(network: Network, shape: tuple[int, ...]) -> tuple[int | None, tuple[Message, ...]]:
    """How many outputs the network has for one input of ``shape`` (None where they are no row of numbers), and what is
    doubtful about them.

    Raises:
        CompressionError: it does not take that shape, or returns something other than a tensor.
    """
    try:
        result = _forward(network, shape)
    except Exception as error:
        raise CompressionError(
            msg("{name} does not take inputs of {shape}.", name=network.name, shape=_text(shape)),
            msg("It is made for {shape}; choose data of that shape, or another network.",
                shape=_text(network.input_shape))
            if network.input_shape != shape
            else msg("Choose data of another shape, or another network."),
            details=f"{type(error).__name__}: {error}",
        ) from error  # fmt: skip
    if not isinstance(result, Tensor):
        raise CompressionError(
            msg(
                "{name} returns an object of type {type} instead of a tensor.",
                name=network.name,
                type=type(result).__name__,
            ),
            msg("Give the class a forward that returns the logits alone."),
        )
    if result.dim() != 2:
        return None, ()
    return int(result.shape[1]), () if result.is_meta else _doubts(result, network.name)


def _doubts(result: Tensor, name: str) -> tuple[Message, ...]:
    """A ReLU behind the last layer cuts off every negative logit, and the gradient with it."""
    zeros = float((result == 0).float().mean())
    clipped = float(result.min()) == 0.0 < float(result.max()) and zeros >= CLIPPED
    if not clipped or bool(torch.isclose(result.sum(1), torch.ones(())).all()):  # probabilities may round to 0
        return ()
    text = msg(
        "{name} seems to end in a ReLU: no output is below 0, and {share}% of those tried are exactly 0. What is cut "
        "off has no gradient, so such classes are hardly learned; leave the last ReLU out of its forward.",
        name=name, share=round(100 * zeros),
    )  # fmt: skip
    return (text,)


def _forward(network: Network, shape: tuple[int, ...]) -> Any:
    """The output for two inputs.

    Where the code is Pare's or torchvision's, without computing, so that a network of any size answers at
    once. A person's class might keep a tensor of such a pass and needs a real one.
    """
    module = network.module
    with torch.no_grad():
        if network.spec.source == "python" or network.edits or _small(module):
            return module(_images(module, shape))
        state = {k: v.to("meta") for k, v in (*module.named_parameters(), *module.named_buffers())}
        return torch.func.functional_call(module, state, (torch.empty((2, *shape), device="meta"),))


def _small(module: nn.Module) -> bool:
    """Whether running it takes less than what the meta device needs to begin: it imports half of torch's compiler."""
    return sum(parameter.numel() for parameter in module.parameters()) < SMALL


def _zeros(module: nn.Module, shape: tuple[int, ...]) -> Tensor:
    first = next(module.parameters(), None)
    return torch.zeros((2, *shape), device=first.device if first is not None else "cpu")


def _images(module: nn.Module, shape: tuple[int, ...]) -> Tensor:
    """Always the same two, of noise from 0 to 1."""
    zeros = _zeros(module, shape)
    return torch.rand(zeros.shape, generator=torch.Generator().manual_seed(0)).to(zeros.device)


def _guesses(module: nn.Module) -> Iterator[tuple[int, ...]]:
    first = next((m for m in module.modules() if isinstance(m, (nn.Conv2d, nn.Conv1d, nn.Linear, nn.RNNBase))), None)
    match first:
        case nn.Conv2d():
            yield from ((first.in_channels, size, size) for size in SIZES)
        case nn.Conv1d():
            yield from ((first.in_channels, size) for size in (128, 1024, 16000, *SIZES))
        case nn.Linear():
            if first.in_features in FLAT:
                yield FLAT[first.in_features]
            yield (first.in_features,)
        case nn.RNNBase():
            yield from (shape for shape in ((1, 28, 28), (28, first.input_size)))
    yield from ((channels, size, size) for channels in (3, 1) for size in SIZES[:4])


def _text(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape)
