"""Files cleaned where they stand, for a hook or an editor: only what rewrites text, nothing split, moved or dropped.

regions   which lines of a file are left as they are
revise    a file's bytes to what they should be, with a finding for each change
reports   findings as text, JSON, GitHub annotations or SARIF
"""
