"""The version of the `miniprogram` distribution, readable without importing anything."""

VERSION = "0.1.0"
