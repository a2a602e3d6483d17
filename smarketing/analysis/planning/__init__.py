"""Planning: the leads a target needs, what history says, what a better step would give."""
