"""What the desk is made from: its context, what needs attention, reports."""
