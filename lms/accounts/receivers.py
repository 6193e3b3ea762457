"""What follows from sign-in events of the login package."""
