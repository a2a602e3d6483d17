"""The generator of the demo company: seeded, with truths planted for the pages to reveal."""
