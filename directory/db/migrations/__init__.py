"""Migrations, the tables that all of them make for a new database, and which releases work with what they made."""
