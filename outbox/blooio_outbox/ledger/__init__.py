"""The ledger: what is to be sent, what became of it, and who must not be written to."""
