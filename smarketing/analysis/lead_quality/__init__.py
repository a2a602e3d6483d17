"""Lead quality: scores judged by outcomes, who buys, what goes with conversion."""
