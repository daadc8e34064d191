"""Monthly counts for a town, and the lengths of the queues."""
