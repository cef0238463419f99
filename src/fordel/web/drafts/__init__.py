"""What somebody typed when their session had ended: kept for them alone until they send or discard it."""
