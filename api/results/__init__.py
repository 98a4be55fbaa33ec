"""Results: the quick count and its release, official results, copies compared, forensics."""
