"""Customers that were kept, by what brought them."""
