"""Units, their access lists, the modes of their doors."""
