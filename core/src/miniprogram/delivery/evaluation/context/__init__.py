"""What a decision may look at: what a host says about itself, a signed link, the time and the address."""
