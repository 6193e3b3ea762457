"""What partners see of their modules: what waits for them, what a revision holds, and how it differs."""
