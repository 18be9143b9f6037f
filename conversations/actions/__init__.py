"""Every write that a user, an administrator or a command can request, with its transaction."""
