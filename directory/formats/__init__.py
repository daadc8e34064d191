"""File formats: recognized by content, read as rows (`readers`), and written."""
