"""Embed mini-programs in Flutter host apps."""
