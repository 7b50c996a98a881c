"""What the packer sees: `screen_for` (pure) and the page's server."""
