"""Helpers shared by the tests: chiefly a strict Telegram Bot API server."""
