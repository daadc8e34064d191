"""The serving site: its web server and processes, what they share in memory, and the worker that mails."""
