"""Plugins are loaded and their code is run, without harm to the command or to each other."""
