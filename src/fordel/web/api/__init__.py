"""What programs may read: everything that is on the pages, as JSON, with the same permissions."""
