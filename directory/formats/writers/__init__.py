"""The file forms that the directory writes, one module a form."""
