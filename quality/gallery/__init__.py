"""A page for developers that shows each piece of the pages in its states, and pictures of it that are compared."""
