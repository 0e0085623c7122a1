"""What is known of typeset lines: their widths, gaps and indents, the measure of a column, where paragraphs break."""
