"""The accounting of a build: balances, as-of, dates ahead, invariants."""
