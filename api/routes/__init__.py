"""The JSON that may be read, one file a noun."""
