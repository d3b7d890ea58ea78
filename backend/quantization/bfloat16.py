"""bfloat16: 8 bits of precision in the range of float32."""

import torch

from backend.quantization._half import make_scheme

METHOD = make_scheme(
    torch.bfloat16,
    "bfloat16",
    "Half the size with the range of float32, coarser than float16; often faster where the device has the arithmetic.",
)
