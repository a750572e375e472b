"""The copy of the books that Litestream keeps elsewhere all the time, and the server that is made from it."""
