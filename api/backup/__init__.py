"""Backup and restore: the database and the photos of an installation, in one file."""
