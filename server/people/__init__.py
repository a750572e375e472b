"""Members and operators: export, passwords."""
