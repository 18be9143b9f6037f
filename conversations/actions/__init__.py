"""Every write that a person, an administrator or a command can ask for; transactions live here."""
