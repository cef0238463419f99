"""The law book: every parameter as it stands on a day, with its source, and what changes next."""
