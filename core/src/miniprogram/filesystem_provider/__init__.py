"""The provider that needs no account: a folder for a store, a process on this machine for a deployment."""
