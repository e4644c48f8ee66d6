"""A newsroom's worth of invented content, so that a fresh installation has something to read."""
