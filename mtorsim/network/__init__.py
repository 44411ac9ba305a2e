"""What the biology says: species, reactions and numbers, without files, equations or solvers."""
