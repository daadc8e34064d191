"""Meetings: the middle between people, cards, and zones that a browser keeps."""
