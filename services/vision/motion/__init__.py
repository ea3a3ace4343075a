"""How a picture moves as a whole, and which moves of a camera that makes."""
