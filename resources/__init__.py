"""What ships with Pare beside its code."""
