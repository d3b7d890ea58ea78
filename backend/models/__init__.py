"""Networks: one file a bundled architecture; how any network is opened and reopened."""

from backend.models._open import open_network
from backend.models._reopen import place, reopen

__all__ = ["open_network", "place", "reopen"]
