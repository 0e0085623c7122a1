"""Clean articles out of the OCR and PDF text of Chinese newspapers, gazetteers and books."""
