"""What station and central agree on: keys, codes, values, messages, envelope, topics. Pure."""
