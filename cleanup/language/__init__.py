"""What is known of written Chinese: character classes and widths, the language model, lexicons."""
