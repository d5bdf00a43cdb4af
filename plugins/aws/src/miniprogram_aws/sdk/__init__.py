"""The AWS SDK as this plugin uses it: sign-in and clients, errors as sentences, logs, emulators."""
