"""Benchmarks: `python -m bench.central_pipe`, `python -m bench.station`. Each measures a floor in the same run.

Figures are for people; nothing here fails because a machine is slow.
"""
