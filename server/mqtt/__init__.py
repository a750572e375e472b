"""Everything between the server and the broker: the link, what comes in, what goes out, the broker itself."""
