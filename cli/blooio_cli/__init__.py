"""The command `blooio`: the Blooio API from a terminal. Its parts import the public names of `blooio_client` only."""
