"""torchvision's pretrained weights by name, downloaded once."""

from __future__ import annotations

import urllib.parse
from pathlib import Path

import torch

from backend.cancel import Cancel
from backend.description import offer
from backend.download import Progress, download
from backend.errors import CompressionError, msg
from backend.models._torchvision import torchvision_weights


def is_name(architecture: str, weights: str, folder: Path) -> bool:
    """Whether ``weights`` names torchvision's rather than a file.

    Raises:
        CompressionError: it is neither.
    """
    if weights in torchvision_weights(architecture):
        return True
    path = Path(weights)
    if (folder / path).exists() or path.suffix or len(path.parts) > 1:
        return False
    raise CompressionError(
        msg("torchvision has no weights {weights} for {name}, and there is no such file.", weights=weights,
            name=architecture),
        offer(weights, torchvision_weights(architecture)),
    )  # fmt: skip


def fetch(architecture: str, weights: str, progress: Progress | None, cancel: Cancel | None) -> Path:
    """The file with these weights, from torch's own cache or else downloaded into it.

    Raises:
        CompressionError: it can't be downloaded, or is damaged.
    """
    url = torchvision_weights(architecture)[weights].url
    name = Path(urllib.parse.urlparse(url).path).name
    path = Path(torch.hub.get_dir()) / "checkpoints" / name
    if not path.exists():
        stem = path.stem.rpartition("-")[2]
        download([url], path, sha256_start=stem, progress=progress, cancel=cancel)
    return path
