"""The commands, one module for each part of the API. Each command is one small function over the client."""
