"""What the engine can be asked, one file each: ``job(request, emit, cancel)``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.cancel import Cancel
from backend.engine import protocol
from backend.engine.jobs.allocate import allocate
from backend.engine.jobs.channels import channels
from backend.engine.jobs.couplings import couplings
from backend.engine.jobs.export import export
from backend.engine.jobs.glance import glance
from backend.engine.jobs.histogram import histogram
from backend.engine.jobs.inspect import inspect
from backend.engine.jobs.layer_latency import layer_latency
from backend.engine.jobs.picture import picture
from backend.engine.jobs.predictions import predictions
from backend.engine.jobs.run import run
from backend.engine.jobs.sensitivity import sensitivity
from backend.engine.jobs.tensorboard import tensorboard
from backend.events import Emit

JOBS: Mapping[type, Callable[[Any, Emit, Cancel], None]] = {
    protocol.Inspect: inspect,
    protocol.Glance: glance,
    protocol.Couplings: couplings,
    protocol.LayerLatency: layer_latency,
    protocol.LayerHistogram: histogram,
    protocol.LayerChannels: channels,
    protocol.LayerPicture: picture,
    protocol.Run: run,
    protocol.Export: export,
    protocol.Sensitivity: sensitivity,
    protocol.Allocate: allocate,
    protocol.Predictions: predictions,
    protocol.EventFile: tensorboard,
}
