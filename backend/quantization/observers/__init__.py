"""Observers of activations, one file each."""
