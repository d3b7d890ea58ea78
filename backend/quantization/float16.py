"""float16: 11 bits of precision, values up to 65,504."""

import torch

from backend.quantization._half import make_scheme

METHOD = make_scheme(
    torch.float16,
    label="float16",
    summary="Half the size at nearly the same accuracy; computes in 16 bits where the device can, "
    "else as fast as float32.",
    when="When half the size is enough and accuracy must stay. Takes a moment and needs no data.",
)
