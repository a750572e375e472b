"""All that is known of one member (rules 5), as one document that they can be given."""

from server.store.database import Database
from server.store.people import members, personal_data


def everything_about(db: Database, member: int) -> dict[str, object]:
    """The person, and every row of the books about them; raises `Refusal` where there is no such member."""
    return {"member": members.find(db, member), **personal_data.exported(db, member)}
