"""The check of the prose that `make check` runs: STYLE.md says what it asks for and why."""
