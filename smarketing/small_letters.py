"""Small letters as the engines make them, so that what the agreement says meets what files say."""


def lowered(text: str) -> str:
    """Return a text in small letters, each letter by itself, as `lower` does in SQL.

    Python's own would write a Σ that ends a word as ς, and İ as two letters.
    """
    return "".join(letter.lower()[:1] for letter in text)
