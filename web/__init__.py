"""The web kit: what all pages and collections use and knows no model of ours."""
