"""Tables from elsewhere: stations, observers, deployments, read as real files are."""
