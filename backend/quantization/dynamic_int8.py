"""Weights in int8; activations are quantized at run time, batch by batch. Needs no data."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from torch import nn

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, Message, msg
from backend.events import Emit, Progress
from backend.quantization._base import SWAPS, Outcome, Scheme
from backend.quantization._calibrate import refuse_infinite_network
from backend.quantization._calls import calls
from backend.quantization._engines import check_engine, default_engine
from backend.quantization._fx import engine_of, int8_layers, make_dynamic, set_engine
from backend.recipe import LayerPlan
from backend.session import Session

ID = "dynamic_int8"
LAYERS = (nn.Linear, nn.LSTM, nn.GRU, nn.LSTMCell, nn.GRUCell, nn.RNNCell)


def applies(module: nn.Module) -> Message | None:
    """Exactly the classes torch swaps: a subclass may compute something else."""
    if type(module) in LAYERS:
        return None
    return msg("Needs a linear or recurrent layer")


def quantize(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Outcome:
    """Swap the planned layers for ones on int8 kernels.

    Raises:
        CompressionError: none of the planned layers is linear or recurrent.
    """
    cancel.check()
    emit(Progress(index, 0, 1, msg("Converting to int8")))
    module = session.network.module
    engine = engine_of(module) or default_engine()
    wanted = {name: plan.settings for name, plan in plans.items() if name and plan.settings is not None}
    refused = {name: applies(module.get_submodule(name)) for name in wanted}
    left = {name: why for name, why in refused.items() if why is not None}
    refuse_infinite_network(session)
    called = calls(module, session.network.example(), LAYERS).names
    left |= {name: msg("The network does not call it") for name in wanted if name not in left and name not in called}
    layers = {
        name: settings["weights"] == "per_channel" and isinstance(module.get_submodule(name), nn.Linear)
        for name, settings in wanted.items()
        if name not in left
    }
    data = {"engine": engine, "layers": layers}
    made = rebuild(module, data)
    known = int8_layers(made)
    if not layers or not known.keys() & layers.keys():
        raise CompressionError(
            msg("Nothing became int8: none of the chosen layers is linear or recurrent."),
            msg("Choose static int8 for convolutions, or choose other layers."),
        )
    left |= {name: msg("torch has no int8 kernel for it") for name in layers if name not in known}
    emit(Progress(index, 1, 1, msg("Converting to int8")))
    return Outcome(made, data, {name: known[name] for name in layers if name in known}, left, {})


def rebuild(module: nn.Module, data: Mapping[str, Any]) -> nn.Module:
    """The same structure from the float network, on the engine it was made for."""
    check_engine(data["engine"])
    made = make_dynamic(copy.deepcopy(module).cpu().eval(), data["layers"], data["engine"])
    return set_engine(made, data["engine"])


METHOD = Scheme(
    id=ID,
    label="Dynamic int8",
    summary="Linear and recurrent layers compute with int8 weights; activations are quantized while the network runs.",
    when="For networks that are mostly linear or recurrent layers, and where no images are at hand. Needs no "
    "data; convolutions stay in float.",
    parameters=(
        Parameter(
            name="weights",
            type="choice",
            label="Weight scales",
            default="per_channel",
            choices=("per_channel", "per_tensor"),
            required=True,
            summary="One scale per output channel, or one per layer; recurrent layers have one per matrix.",
        ),
    ),
    quantize=quantize,
    rebuild=rebuild,
    applies=applies,
    turn=SWAPS,
)
