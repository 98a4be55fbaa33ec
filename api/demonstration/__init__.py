"""A fictional country on election day, made from a seed, its truth known."""
