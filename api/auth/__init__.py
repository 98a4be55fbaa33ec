"""Authentication and authorisation: credentials, members, sessions, what each may see."""
