"""What all use cases share: the context of a use case, and mailed links."""
