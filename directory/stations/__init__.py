"""An operator's list of police stations, shown where no zone is near."""
