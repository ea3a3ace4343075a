"""How a call to action, and the answer to a comment, are told from ordinary words."""
