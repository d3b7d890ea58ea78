"""A recurrent network that reads an image row by row."""

from __future__ import annotations

from torch import Tensor, nn

from backend.models._base import Architecture


class GRUDigits(nn.Module):
    """A GRU of 64 units over the 28 rows of a digit, and one linear layer on its last output."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.gru = nn.GRU(28, 64, batch_first=True)
        self.fc = nn.Linear(64, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """N×1×28×28 to N×classes."""
        rows = x.squeeze(1)
        outputs, _ = self.gru(rows)
        out: Tensor = self.fc(outputs[:, -1])
        return out


METHOD = Architecture(
    id="gru_digits",
    label="GRU for digits",
    summary="A GRU of 64 units that reads a 28×28 digit as a sequence of rows, and one linear layer.",
    build=GRUDigits,
    input_shape=(1, 28, 28),
)
