"""The front page at a moment: what staff placed, then what a rule fills in."""
