"""Where the unit meets libraries and the machine; errors of others stop here."""
