"""Checklists: drafts, publishing, attachments, the form list."""
