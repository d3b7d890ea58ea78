"""The engine process. ``client`` and ``protocol`` import no torch: the window uses them."""
