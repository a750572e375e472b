"""Orders that the rules or the books do not allow."""

from device.contract.errors import Refused


class Refusal(Refused):
    """An order that was not carried out: `template` with `fields` filled in, so that it can be said in any language."""

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template.format(**fields))
        self.template = template
        self.fields = fields
