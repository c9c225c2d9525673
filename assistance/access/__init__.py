"""Access control: audiences, the access reasons they are computed from, policy, and row-level security."""
