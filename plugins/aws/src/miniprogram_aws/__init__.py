"""Publish, deliver and run mini-program backends on AWS."""
