"""What States release: consents, the plans that lead to them, and the rule that two persons release."""
