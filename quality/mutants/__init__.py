"""Mutation tests: small faults are put into the code, and each must make a test fail."""
