"""How the pruned amount grows while the weights move; one file each."""
