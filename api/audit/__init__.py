"""The audit log: entries, the signed hash chain that seals every write, its verification."""
