"""What has come in and what it means: followed, folded, and shown to whom it may be shown."""
