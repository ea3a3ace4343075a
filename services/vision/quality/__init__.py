"""How good a picture is: signal measures in documented units, and a score learned from people's opinions."""
