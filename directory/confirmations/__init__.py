"""Confirmations: departments are reminded or invited to confirm their entries, and do; figures of how fresh all are.

When an entry is old or fades is decided in `zones/freshness.py`.
"""
