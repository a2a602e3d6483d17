"""The pages of single records: campaign, deal, lead, account, person, owner."""
