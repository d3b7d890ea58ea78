"""Losses by which a network learns from the original one; one file each."""
