"""How reports come in: parsed, judged once, kept in a group commit, answered with a receipt."""
