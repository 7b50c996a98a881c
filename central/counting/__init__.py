"""Counting the stock: jobs, what was found, and its approval."""
