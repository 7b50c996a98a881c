"""Picking: batches of orders, fetched bin by bin into totes, on a phone or from paper."""
