"""How an address is proven to belong to a department: domains and levels."""
