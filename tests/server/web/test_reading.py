"""The books as a request reads them: one state of them, through a connection that is lent and given back."""

from server.store.database import Database, read_database
from server.web.reading import ReadConnections, look_again, the_books
from tests.web_house import Visitor, WebHouse


def test_a_request_sees_one_state_of_the_books_until_it_looks_again(house: WebHouse) -> None:
    with house.app.test_request_context():
        before = the_books()
        assert before.value("SELECT count(*) FROM members") == 0
        house.member("Anne")
        assert the_books() is before
        assert before.value("SELECT count(*) FROM members") == 0
        assert look_again().value("SELECT count(*) FROM members") == 1


def test_requests_one_after_another_read_through_one_connection(house: WebHouse, desk: Visitor) -> None:
    opened: list[Database] = []

    def open_one() -> Database:
        opened.append(read_database(house.db.path))
        return opened[-1]

    house.app.extensions["poincon.reading"] = reading = ReadConnections(open_one)
    for _ in range(3):
        assert desk.get("/").status_code == 200
    assert len(opened) == 1
    reading.close()
