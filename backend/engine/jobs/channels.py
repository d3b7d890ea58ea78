"""The output channels of one layer, in a file: there may be thousands."""

from __future__ import annotations

from pathlib import Path

from backend.answers import ChannelTable
from backend.cancel import Cancel
from backend.engine.jobs._opened import array_file, mask_of, opened
from backend.engine.protocol import LayerChannels
from backend.evaluation.channels import channel_figures
from backend.evaluation.layer_weight import layer_weight
from backend.events import Answer, Emit
from backend.quantization._grid import planned_scales, scales_of
from backend.recipe import ModelSpec


def channels(request: LayerChannels, emit: Emit, cancel: Cancel) -> None:
    """Answer with the ChannelTable of ``request.layer``."""
    folder, spec = Path(request.folder), ModelSpec.from_data(request.model)
    network = opened(spec, folder, request.allowed)
    cancel.check()
    weight = layer_weight(network, request.layer, mask_of(spec, folder, request.layer))
    part = network.module.get_submodule(request.layer)
    scales = scales_of(part)
    if scales is None and request.settings and weight.values.isfinite().all():
        scales = planned_scales(part, weight.values, request.settings)
    if scales is not None and len(scales.each) != len(weight.values):
        scales = None
    cancel.check()
    array_file(request.file, channel_figures(weight, scales.each if scales is not None else None))
    emit(
        Answer(
            ChannelTable(
                request.layer,
                request.file,
                list(weight.values.shape),
                weight.shape,
                scales.of if scales is not None else None,
                weight.kept is not None,
                weight.others,
            ).to_data()
        )
    )
