"""Who may come: the one place of that rule (rules 2, row 10). Pure."""


def may_come(owed_cents: int, max_owed_cents: int, *, has_tickets: bool, has_pass: bool) -> bool:
    """Whether a pass that holds, a valid ticket or some credit is left; not so: `no_credit`.

    A golden ticket is none of these: it pays for somebody else's date.
    """
    return owed_cents < max_owed_cents or has_tickets or has_pass
