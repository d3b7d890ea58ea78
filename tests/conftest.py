"""What every test shares: one thread for torch, no display, small Hypothesis examples, garbage of the main thread."""

import atexit
import gc
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import settings

# Two cores shared with other tests: how long one example takes says nothing.
settings.register_profile("pare", deadline=None, max_examples=60)
settings.load_profile("pare")

# As in the window (gui/collecting.py): no thread of a later test may destroy the widgets that an earlier one left.
gc.disable()
atexit.register(gc.freeze)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Collect what is due, between two tests."""
    young, middle, old = (count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True))
    if young or middle or old:
        gc.collect(2 if old else int(middle))
