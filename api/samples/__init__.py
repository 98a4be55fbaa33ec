"""Samples: drawing, size, response, representativity."""
