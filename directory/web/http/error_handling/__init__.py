"""Errors as responses: pages, problem documents, and what was meant by an address that leads nowhere."""
