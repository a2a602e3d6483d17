"""Customers: who stays, what they bring, and what brought them."""
