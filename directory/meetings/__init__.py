"""Meetings of two or more people: their times, daylight, cards, calendar files, and links that are sent."""
