"""Areas: the tree from the nation to the municipality, and a page for each."""
