"""Pages for moderators: queue, cases, people, domains."""
