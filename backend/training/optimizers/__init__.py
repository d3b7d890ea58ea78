"""Optimizers by their torch names, one file each."""
