"""Pages for departments: submissions, claims, spreadsheets, closures, the desk."""
