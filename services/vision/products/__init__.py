"""Products: which of the things seen could be bought, how they are shown, and what is written on them."""
