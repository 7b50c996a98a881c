"""Stations: their state, their SSCC ranges, their people."""
