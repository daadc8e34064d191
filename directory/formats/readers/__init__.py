"""Readers of the formats: each yields the rows of a file one at a time, with bounded memory.

`formats/recognition.py` lists them, and chooses by what a file begins with.
"""
