"""Jobs: runs that a worker process computes, with progress, cancelling and trying again."""
