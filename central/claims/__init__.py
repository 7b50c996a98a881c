"""Stations' certificates: claimed with a code, renewed, revoked."""
