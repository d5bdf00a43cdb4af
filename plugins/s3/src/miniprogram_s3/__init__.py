"""S3-compatible servers for `miniprogram`: the provider `s3`, and what every other provider over S3 builds on."""
