"""What is held of people: found, exported, forgotten, and deleted when its time is over."""
