"""Removing what is past its time: names from dates, whole years, and what lies beside the books."""
