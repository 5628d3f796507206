"""Whole programs, as their users meet them."""
