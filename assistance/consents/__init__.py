"""What States release: consents, the plans from which they are made, and the two-person rule."""
