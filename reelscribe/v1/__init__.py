"""The generated stubs of protos/reelscribe/v1."""
