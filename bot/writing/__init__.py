"""A chat model writes, code verifies."""
