"""The directory in memory: its snapshot, the cache that renews it, its copy on disk."""
