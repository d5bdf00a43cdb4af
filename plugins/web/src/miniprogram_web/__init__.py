"""The browser runtime: JavaScript modules that lay out and draw Stac JSON as Flutter does."""
