"""What exists: the nouns of an observation mission, as tables and wire shapes."""
