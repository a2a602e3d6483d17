"""The exhibits of the scoreboard."""
