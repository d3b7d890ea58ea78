"""Training: the fit loop, optimizers and schedulers."""
