"""How passages become articles: roles, links between broken passages, cuts, and which headline names which body."""
