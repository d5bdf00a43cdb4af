"""What runs in Lambda: the delivery engine behind a gateway, over S3. Travels whole in the function's archive."""
