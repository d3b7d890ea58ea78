"""What a network is worth: accuracy, structure, multiply-accumulates, size and latency."""
