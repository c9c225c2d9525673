"""`make bench`: the portal measured beside a floor and beside the ordinary way, over the same made-up data."""
