"""The worker process: computes the runs that the pages ask for, and seals the audit log."""
