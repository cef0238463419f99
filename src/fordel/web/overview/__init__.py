"""The front page: the year's calendar, what is due, the key figures of the newest run."""
