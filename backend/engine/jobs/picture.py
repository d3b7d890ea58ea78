"""The weight of one layer as a picture, in a file."""

from __future__ import annotations

from pathlib import Path

from backend.answers import WeightPicture
from backend.cancel import Cancel
from backend.engine.jobs._opened import array_file, mask_of, opened
from backend.engine.protocol import LayerPicture
from backend.evaluation.layer_weight import largest_shown, layer_weight
from backend.evaluation.picture import cells
from backend.events import Answer, Emit
from backend.recipe import ModelSpec


def picture(request: LayerPicture, emit: Emit, cancel: Cancel) -> None:
    """Answer with the WeightPicture of ``request.layer``."""
    folder, spec = Path(request.folder), ModelSpec.from_data(request.model)
    network = opened(spec, folder, request.allowed)
    cancel.check()
    weight = layer_weight(network, request.layer, mask_of(spec, folder, request.layer))
    drawn = cells(weight, request.area)
    cancel.check()
    array_file(request.file, drawn.planes)
    count = max(1, weight.values.numel())
    emit(
        Answer(
            WeightPicture(
                request.layer,
                request.file,
                list(weight.values.shape),
                weight.shape,
                drawn.area,
                drawn.cell,
                largest_shown(weight.values),
                1 - int(weight.present().count_nonzero()) / count,
                1 - int(weight.values.count_nonzero()) / count,
                weight.kept is not None,
                weight.others,
            ).to_data()
        )
    )
