"""Faults on purpose, at every step of a parcel, and the account at the end."""
