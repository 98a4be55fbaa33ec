"""The lead's pages: one page a file, templates beside them."""
