"""Money: what was received and given back for each order, and which order an amount belongs to."""
