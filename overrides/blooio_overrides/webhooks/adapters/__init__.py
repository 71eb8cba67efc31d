"""Adapters for web frameworks and job queues, which are imported only when used."""
