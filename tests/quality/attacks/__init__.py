"""Articles that attack whoever answers from them."""
