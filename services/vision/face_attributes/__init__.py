"""What models estimate from the looks of a face: which faces are fit for it, how they are cut out, what is said."""
