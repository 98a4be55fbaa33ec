"""PostgreSQL: the embedded server, the two roles, the sessions, the migrations."""
