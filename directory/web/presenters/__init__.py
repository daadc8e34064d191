"""From values to sentences for a reader, one module a subject."""
