"""bfloat16: 8 bits of precision in the range of float32."""

import torch

from backend.quantization._half import make_scheme

METHOD = make_scheme(
    torch.bfloat16,
    "bfloat16",
    "Weights and computation in 16 bits with the range of float32: half the size, coarser than float16.",
)
