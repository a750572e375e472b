"""Where the keys of badges come from in tests: two versions of the site's key."""


class FakeKeys:
    """Version 2 is present, 1 goes on; `asked` counts."""

    def __init__(self) -> None:
        self.present, self.kept, self.asked = 2, {1, 2}, 0

    def look(self) -> int:
        return self.present

    def key_of(self, credential: str, version: int, slot: int) -> str | None:
        self.asked += 1
        return f"{version:030x}0{slot}" if version in self.kept else None
