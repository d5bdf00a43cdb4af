"""What can be done about releases: one function per verb."""
