"""What is refused, in words for whoever asked."""


class Refusal(Exception):
    """A request that cannot be carried out; the message says why and what to do."""
