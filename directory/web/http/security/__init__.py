"""What keeps requests and responses safe: headers, forms of other sites, events that are logged."""
