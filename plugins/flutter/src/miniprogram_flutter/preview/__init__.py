"""Previews in a Flutter app that is kept for that, on any device `flutter run` knows."""
