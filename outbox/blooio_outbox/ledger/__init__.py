"""The ledger: messages to send, their outcomes, and opt-outs."""
