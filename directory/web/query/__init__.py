"""Query parameters: read, checked, and named in an error."""
