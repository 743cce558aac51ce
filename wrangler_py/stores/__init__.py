"""What bindings keep: SQLite files and blobs, in the layout that wrangler writes."""
