"""The command line: a channel. It shows what the engine and the catalogue say."""
