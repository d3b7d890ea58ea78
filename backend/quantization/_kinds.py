"""Kinds of layers that multiply what they are given with a weight."""

from torch import nn

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
"""The first axis of their weight is the inputs'."""
WEIGHTED = (nn.Linear, *CONVOLUTIONS, *TRANSPOSED)
