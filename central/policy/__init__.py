"""What the house decided once for all orders: when carriers come, and what becomes of which order."""
