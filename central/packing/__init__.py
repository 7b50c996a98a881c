"""Packing jobs: who may pack what, and what a closed parcel changes."""
