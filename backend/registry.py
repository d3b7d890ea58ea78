"""Finds the methods: one file in a package, one ``METHOD`` in the file.

A family that differs by a number alone (ResNet-20, -32, …) may stand in one file as ``METHODS``. A
file whose name starts with ``_`` holds what its neighbours share and is passed over.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from backend.description import Catalogue, Method

PACKAGES: Mapping[str, str] = MappingProxyType(
    {
        "stage": "backend.stages",
        "criterion": "backend.pruning",
        "schedule": "backend.pruning.schedules",
        "replacement": "backend.replacement",
        "quantization": "backend.quantization",
        "observer": "backend.quantization.observers",
        "decomposition": "backend.decomposition",
        "dataset": "backend.datasets",
        "model": "backend.models",
        "distillation": "backend.training.distillation",
        "optimizer": "backend.training.optimizers",
        "scheduler": "backend.training.schedulers",
        "export": "backend.export",
        "runtime": "backend.evaluation.runtimes",
    }
)
"""Kind of method → the package that holds its files."""


@functools.cache
def methods(kind: str) -> Mapping[str, Method]:
    """Every method of ``kind`` by id, in the order of their ``id``.

    Raises:
        RuntimeError: a package is empty, a file has no ``METHOD``, or an id is used twice: a defect
            of the build, never the person's.
    """
    package = importlib.import_module(PACKAGES[kind])
    found: dict[str, Method] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("_") or module.ispkg:
            continue
        name = f"{package.__name__}.{module.name}"
        loaded = importlib.import_module(name)
        family = getattr(loaded, "METHODS", None) or (getattr(loaded, "METHOD", None),)
        for method in family:
            if not isinstance(method, Method):
                raise RuntimeError(f"{name} defines no METHOD")
            if method.id in found:
                raise RuntimeError(f"the {kind} id {method.id!r} is used twice")
            found[method.id] = method
    if not found:
        raise RuntimeError(f"{package.__name__} holds no method: the registry of kind {kind!r} is empty")
    return MappingProxyType(dict(sorted(found.items())))


def method(kind: str, id: str) -> Method:
    """The method ``id`` of ``kind``.

    Raises:
        CompressionError: there is none; the hint names the nearest one.
    """
    found = methods(kind).get(id)
    if found is None:
        catalogue().get(kind, id)
        raise KeyError(id)
    return found


@functools.cache
def catalogue() -> Catalogue:
    """All methods of all kinds as plain data."""
    return Catalogue(m.describe(kind) for kind in PACKAGES for m in methods(kind).values())
