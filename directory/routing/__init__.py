"""Travel times on roads, from a router that the operator runs."""
