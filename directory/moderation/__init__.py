"""What moderators do: decisions, barring, impostors, reminders, town profiles."""
