"""Safe Zone Directory: where people who met online finish a trade, at a police station."""

__version__ = "0.1.0"
