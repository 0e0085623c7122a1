"""The public benchmark: it makes pages with known truth, scores what a tool makes of them, and never imports the
product except to run it."""
