"""The bench panel: a page where a person plays the outside world of a packing bench."""
