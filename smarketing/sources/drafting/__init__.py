"""A first draft of a source: from files of any system to a profile and SELECTs that import them.

- `words`: what exports call things, in several languages; what a header may mean.
- `shapes`: what the values of a column look like, and so what they may be.
- `guess`: which core table a file fills, and which header each of its columns comes from.
- `tables`: the expressions of one table's SELECT, and what nobody but the user can settle.
- `scaffold`: the folder with its profile and its SELECTs.
"""

from smarketing.sources.drafting.scaffold import scaffold

__all__ = ["scaffold"]
