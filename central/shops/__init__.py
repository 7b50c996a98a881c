"""Web shops that tell us about their orders by signed webhooks."""
