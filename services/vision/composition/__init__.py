"""How a picture is composed: what its subject is, where that stands, and what is around it."""
