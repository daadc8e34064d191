"""Departments and their towns: what the directory records of them, and what a department's name tells."""
