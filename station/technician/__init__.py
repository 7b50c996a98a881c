"""Commands for whoever sets a bench up: what is plugged in, does it work, calibrate it, record it, replay it."""
