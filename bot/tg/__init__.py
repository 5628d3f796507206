"""The Telegram channel: handed an engine's answers, it knows nothing of how they are found."""
