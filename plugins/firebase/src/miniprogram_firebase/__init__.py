"""Publish mini-programs to Firebase Hosting, without Node and without the Firebase CLI."""
