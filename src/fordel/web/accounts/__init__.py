"""Who may use the pages: accounts, roles, sign-in, the second step, demo accounts."""
