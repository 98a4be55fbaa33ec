"""Refusal: the error that names a field and says in words what is wrong with it."""


class Refusal(Exception):
    """A request that cannot be carried out: ``text`` says why and what to do, ``field`` names the
    field or the option to blame, where one is."""

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.text, self.field = text, field

    def __str__(self) -> str:
        return self.text if self.field is None else f"{self.field}: {self.text}"
