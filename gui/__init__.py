"""The window of Pare. Nothing in here imports torch: the engine process does the work."""
