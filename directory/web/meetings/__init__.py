"""Pages for people who meet: the middle between them, the meeting card, and kept zones."""
