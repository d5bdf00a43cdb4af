"""What runs on Google Cloud: the delivery engine as a web server over Cloud Storage. Travels whole."""
