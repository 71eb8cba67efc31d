"""Events, and how they are delivered to webhooks."""
