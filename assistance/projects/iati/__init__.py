"""Imports activities published in the IATI standard (version 2.03) as read-only projects."""
