"""What `symtconv.cli` is made of: flags, weights, the words of each view, and how an outcome is delivered."""
