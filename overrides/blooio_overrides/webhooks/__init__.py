"""Deliveries of events."""
