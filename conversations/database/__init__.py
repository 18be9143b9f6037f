"""Transactions, the threads that run them, and compiled queries."""
