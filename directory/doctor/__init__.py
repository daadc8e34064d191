"""What `safezones doctor` looks at: one check a subject, each line with its remedy. Nothing is changed by it."""
