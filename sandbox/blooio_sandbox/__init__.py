"""A local Blooio."""
