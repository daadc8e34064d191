"""What tables say beside values: notes that tell a status, struck text, marks of programs, lines that are no rows."""
