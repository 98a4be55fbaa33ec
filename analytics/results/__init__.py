"""Votes: protocols, quick count, copies compared, forensics."""
