"""Where messages and commands meet the books."""
