"""Looking for what an attacker would find: `make scan` writes docs/scans.md."""
