"""The same training through Pare's engine and as a bare script: same threads, same evaluations, in turn."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench._harness import Row, in_a_process, in_turns, middle, table

if TYPE_CHECKING:
    from torch import Tensor

EPOCHS = 40
BATCH = 64
ROUNDS = 5
MOST = 1.05


def bench() -> bool:
    threads = str(max(1, (os.cpu_count() or 2) // 2))
    subjects = {
        name: lambda name=name: in_a_process(  # type: ignore[misc]
            "tests.bench.training", name, OMP_NUM_THREADS=threads, OMP_WAIT_POLICY="PASSIVE"
        )
        for name in ("bare", "pare")
    }
    found = in_turns(ROUNDS, subjects)
    bare, pare = ([run["seconds"] for run in found[name]] for name in ("bare", "pare"))
    ratio = middle([p / b for p, b in zip(pare, bare, strict=True)])
    accuracy = " and ".join(f"{found[name][0]['accuracy']:.1f} %" for name in ("bare", "pare"))
    title = f"LeNet-5 on digits, {EPOCHS} epochs, {threads} thread(s), {ROUNDS} rounds in turn (validation {accuracy})"
    return table(
        title,
        [
            Row("bare script", f"{middle(bare):.2f} s", "", True),
            Row("through Pare", f"{middle(pare):.2f} s", "", True),
            Row("ratio", f"{ratio:.3f}", f"at most {MOST}", ratio <= MOST),
        ],
    )


def through_pare() -> dict[str, float]:
    """The train stage's own seconds, in an engine process with its events crossing the pipe."""
    from backend.engine.client import EngineClient
    from backend.engine.protocol import Run
    from backend.events import ENDINGS, Finished

    train = {
        "optimizer": "sgd",
        "learning_rate": 0.01,
        "momentum": 0.9,
        "weight_decay": 0.0,
        "scheduler": "constant",
        "from_scratch": True,
    }
    recipe = {
        "pare": 1,
        "model": {"source": "bundled", "name": "lenet5"},
        "data": {"source": "digits", "batch_size": BATCH},
        "stages": [{"train": {**train, "epochs": 1}}, {"train": {**train, "epochs": EPOCHS}}],
    }
    engine = EngineClient()
    try:
        with tempfile.TemporaryDirectory() as folder:
            job = engine.send(Run(recipe, folder))
            while True:
                for about, _, event in engine.receive(1.0):
                    if about == job and isinstance(event, ENDINGS):
                        if not isinstance(event, Finished):
                            raise RuntimeError(str(event))
                        stage = event.result["stages"][1]  # the first one warmed up, as below
                        return {"seconds": stage["seconds"], "accuracy": stage["metrics"]["validation_accuracy"]}
    finally:
        engine.close()


def bare() -> dict[str, float]:
    """What a person would write by hand: tensors in memory, one loop, an evaluation after each epoch."""
    os.nice(10)  # as the engine: what is compared is the work, not its priority
    import torch

    from backend.cancel import Cancel
    from backend.datasets import open_data
    from backend.recipe import DataSpec

    torch.manual_seed(0)
    data = open_data(DataSpec("digits"), Path(), 0, lambda *_: None, Cancel())
    tensors = [
        torch.cat(part)
        for name in ("train", "validation")
        for part in zip(*data.batches(name, 4096), strict=True)  # type: ignore[arg-type]
    ]
    by_hand(tensors, 1)
    begun = time.monotonic()
    accuracy = by_hand(tensors, EPOCHS)
    return {"seconds": time.monotonic() - begun, "accuracy": accuracy}


def by_hand(tensors: list[Tensor], epochs: int) -> float:
    """Train LeNet-5 on images and labels; gives the accuracy in percent on the others."""
    import torch
    import torch.nn.functional as F

    from backend.models.lenet5 import METHOD

    images, labels, others, truth = tensors
    model = METHOD.build(num_classes=10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)
    accuracy = 0.0
    for _ in range(epochs):
        model.train()
        for index in torch.randperm(len(labels)).split(BATCH):
            loss = F.cross_entropy(model(images[index]), labels[index])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            scheduler.step()
        model.eval()
        with torch.inference_mode():
            right = sum(
                int((model(x).argmax(1) == y).sum()) for x, y in zip(others.split(256), truth.split(256), strict=True)
            )
        accuracy = 100 * right / len(truth)
    return accuracy


if __name__ == "__main__":
    print(json.dumps({"bare": bare, "pare": through_pare}[sys.argv[1]]()))
