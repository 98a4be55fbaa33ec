"""Members of a mission: how they are invited, sign in, and leave."""
