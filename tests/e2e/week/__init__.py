"""A week of the sample shop: who orders what by which door, what becomes of it, and what must be true at last."""
