"""What this client costs, as ratios in one run: `make bench`."""
