"""What the commands of :mod:`gui.actions` do, by subject. Each class acts on the window it is given."""
