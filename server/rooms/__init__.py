"""The rooms' board, and the calendars of their reservations."""
