"""What sells, what will sell, and what to order: worked out from the ledger whenever somebody looks."""
