"""What moderators and departments read at their desks."""
