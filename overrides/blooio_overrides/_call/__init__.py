"""The life of one call, in reading order: settings, request, operations, retries, outcome, failures, exchange."""
