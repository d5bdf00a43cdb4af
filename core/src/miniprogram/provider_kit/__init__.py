"""What cloud providers share, so that a plugin brings the calls of its SDK and nothing else."""
