"""The database: engines, transactions, migrations, backups and copies, for SQLite and PostgreSQL."""
