"""What a person touches: the client, the command, the embedded mode, the report."""
