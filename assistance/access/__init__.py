"""Who may see what: audiences, the reasons they are made of, policy, and row-level security."""
