"""One file a runtime that a network's latency can be measured on."""
