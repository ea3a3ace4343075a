"""How loud sound is: weighting, blocks, true peak."""
