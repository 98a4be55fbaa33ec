"""Statements: drafted, rendered, compared with the figures of now."""
