"""What pages say of a zone: its facts, hours and closures, and where each is from."""
