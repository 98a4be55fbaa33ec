"""What was observed: the code matrix, coverage, rates of irregularities, agreement."""
