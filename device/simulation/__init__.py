"""The substitutes that ship with the product: everything can be tried on a laptop, through the real drivers."""
