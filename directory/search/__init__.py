"""Search: the snapshot of the directory, the nearest-zone index, filters, and a zone's status now."""
