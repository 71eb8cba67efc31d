"""Receivers in web frameworks and job queues; none of them is imported before its adapter is used."""
