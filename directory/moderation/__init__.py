"""What moderators do: the queue, decisions, barring, impostors, reminders, town profiles."""
