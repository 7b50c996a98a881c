"""Suppliers, and what they deliver: expected, and received in parts."""
