"""The command `blooio`: the Blooio API from a terminal. It imports only public names of `blooio_client`."""
