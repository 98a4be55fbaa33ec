"""Tests of the release lint: each rule with what breaks it alone, and the same mended."""
