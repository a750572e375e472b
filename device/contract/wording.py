"""A text for people that is put together here, and may be said in another language elsewhere."""

from collections.abc import Callable, Mapping


class Wording(str):
    """The English text; with its template and fields, for whoever has the template in another language."""

    template: str
    fields: Mapping[str, object]

    def __new__(cls, template: str, **fields: object) -> "Wording":
        """`template`, its `{fields}` filled in; a field may be a wording itself."""
        made = super().__new__(cls, template.format(**fields))
        made.template, made.fields = template, fields
        return made

    def said(self, translated: Callable[[str], str]) -> str:
        """The same by the translated template, and so its fields."""
        fields = {
            name: value.said(translated) if isinstance(value, Wording) else value for name, value in self.fields.items()
        }
        return translated(self.template).format(**fields)
