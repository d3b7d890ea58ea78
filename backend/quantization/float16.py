"""float16: 11 bits of precision, values up to 65,504."""

import torch

from backend.quantization._half import make_scheme

METHOD = make_scheme(
    torch.float16,
    "float16",
    "Weights and computation in 16 bits: half the size, nearly the same accuracy. Slower or faster by processor.",
)
