"""What moderators do: the queue, decisions, barring, impostors, town profiles."""
