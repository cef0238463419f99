"""Coverage: how many open practices people can choose between, and what happens when one closes."""
