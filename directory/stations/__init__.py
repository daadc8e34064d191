"""An operator's list of police stations: shown where no zone is near, and what it adds to the directory."""
