"""How text is searched: split into words, asked for, ranked and shown. No Django, no database."""
