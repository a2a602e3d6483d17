"""Campaigns: what each cost, whom it brought, what it earned."""
