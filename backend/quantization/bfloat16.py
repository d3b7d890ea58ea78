"""bfloat16: 8 bits of precision in the range of float32."""

import torch

from backend.quantization._half import make_scheme

METHOD = make_scheme(
    torch.bfloat16,
    label="bfloat16",
    summary="Half the size with the range of float32, coarser than float16; often faster where "
    "the device has the arithmetic.",
    when="When half the size is enough and values may be large. Takes a moment and needs no data.",
)
