"""What a date costs: passes, tickets, time used, ways to pay, postings."""
