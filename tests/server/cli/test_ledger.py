"""`poincon sell`, `give`, `pay`, `account`, `ledger`, `correct`, `guest --golden` and `report`."""

import json
from datetime import date

import pytest

from device.contract.instant import Instant
from server.accounts.sales import cancel
from server.ingest.recount import check_out_due, enter_by_desk
from server.site.rules_in_force import house_of
from server.store.accounts import sales
from server.store.database import open_database
from tests.orders import work_at
from tests.server.cli.conftest import CommandLine
from tests.snapshots import Snapshots

MONDAY = "2026-11-23"
BYTE_ORDER_MARK = "\ufeff"
NO_BREAK_SPACE = "\u00a0"


@pytest.fixture
def desk(cli: CommandLine) -> CommandLine:
    """A place that two people belong to, on Monday 23 November 2026."""
    cli.out("member", "add", "Ada")
    cli.out("member", "add", "Zoé")
    return cli


def came(cli: CommandLine, member: int, start: str, end: str | None, day: str = MONDAY) -> None:
    """By the desk, at those times of the wall in winter; the clock goes on to the last of them."""
    with open_database(cli.site.database_path) as db:
        house = house_of(db, cli.site.settings)
        for side, clock in (("entry", start), ("exit", end)):
            if clock is not None:
                at = Instant.parse(f"{day}T{int(clock[:2]) - 1:02d}{clock[2:]}:00.000Z")
                cli.now = max(cli.now, at)
                enter_by_desk(work_at(cli.now, db, house, "zoe"), member, side, at=at)  # type: ignore[arg-type]


def test_the_account_is_told_as_other_programs_rely_on(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day", "--on", "2026-11-02", "--paid-by", "card")
    came(desk, 1, "09:00", "12:00")
    assert desk.json("account", "1") == {
        "member": 1,
        "held": {"hour": 0, "half_day": 10, "day": 0, "golden": 1},
        "nomade_left": None,
        "owed_cents": 0,
        "days": [
            {
                "date": MONDAY,
                "minutes": 180,
                "used": ["morning"],
                "paid_by": "tickets",
                "took": {"half_day": 1},
                "owed_cents": 0,
                "automatic": False,
                "corrected": False,
            }
        ],
    }


def test_the_account_of_a_moment_forgets_what_happened_later(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day")
    came(desk, 1, "09:00", "17:00")
    taken = [
        desk.json("account", "1", "--as-of", f"{MONDAY}T{clock}")["held"]["half_day"]
        for clock in ("08:59", "09:01", "13:10", "13:11", "18:00")
    ]
    assert taken == [11, 10, 10, 9, 9]
    assert desk.json("account", "1", "--as-of", "2026-11-22")["days"] == []


def test_somebody_still_in_is_charged_by_the_minute_that_it_is(desk: CommandLine) -> None:
    for _ in range(3):
        desk.out("sell", "1", "ticket-hour")
    came(desk, 1, "09:00", None)
    desk.now = Instant.parse("2026-11-23T09:30:00.000Z")
    (day,) = desk.json("account", "1")["days"]
    assert (day["minutes"], day["took"]) == (90, {"hour": 2})


def test_the_account_for_people_shows_lots_and_what_expired(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-day", "--on", "2025-11-10")
    desk.out("sell", "1", "ticket-half-day")
    desk.out("sell", "2", "nomade")
    told = desk.out("account", "1").replace(NO_BREAK_SPACE, " ")
    assert "lot n° 1 : 11 journées sur 11, EXPIRÉ le 2026-11-09" in told
    assert "lot n° 3 : 1 demi-journée sur 1, valable jusqu'au 2027-11-22" in told
    assert "aucune visite" in told
    assert "reste de l'allocation" in desk.out("account", "2")


def test_expired_tickets_are_prolonged_with_a_reason(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-day", "--on", "2025-11-10")
    assert desk.json("account", "1")["held"]["day"] == 0
    assert desk.run("prolong", "1", "2027-01-31").exit_code == 2
    desk.out("prolong", "1", "2027-01-31", "--reason", "malade")
    assert desk.json("account", "1")["held"]["day"] == 11
    assert "déjà valable" in desk.refusal("prolong", "1", "2026-12-31", "--reason", "encore")
    assert "pas de lot" in desk.refusal("prolong", "9", "2027-01-31", "--reason", "malade")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("9", "ticket-day"), "numéro 9"),
        (("1", "ticket-dya"), "peut-être 'ticket-day'"),
        (("1", "carnet-day", "--reduced", "--reason", "services"), "carnet-day n'a pas de prix réduit"),
        (("1", "resident", "--reduced"), "demande une raison"),
        (("1", "resident", "--reason", "site web"), "n'est que pour le prix réduit"),
        (("1", "resident", "--on", "2027-12-01"), "dans plus d'un an"),
        (("1", "resident", "--on", "0001-01-01"), "avant le lieu"),
    ],
)
def test_a_sale_that_cannot_be_is_refused_in_one_line_and_nothing_is_written(
    desk: CommandLine, words: tuple[str, ...], why: str
) -> None:
    assert why in desk.refusal("sell", *words)
    assert desk.json("report", "sales", "--from", "2020-01-01", "--to", "2030-01-01")["sales"] == []


def test_the_reduced_price_is_for_who_renders_services(desk: CommandLine) -> None:
    sale = desk.json("sell", "1", "resident", "--reduced", "--reason", "site web", "--paid-by", "transfer")
    assert (sale["number"], sale["price_cents"], sale["vat_cents"], sale["paid_by"]) == (1, 19_000, 3_167, "transfer")
    assert (sale["reason"], sale["date"], sale["from"]) == ("site web", MONDAY, MONDAY)


def test_a_renewal_by_command_line_counts_from_today_and_says_which_dates_are_paid_twice(desk: CommandLine) -> None:
    desk.out("sell", "1", "resident", "--on", "2026-11-15")
    told = desk.run("sell", "1", "resident", "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["from"] == MONDAY
    assert "Résident court jusqu'au 2026-12-14" in told.stderr
    assert "--on 2026-12-15" in told.stderr
    assert desk.run("sell", "2", "resident").stderr == ""
    assert desk.run("sell", "1", "carnet-day").stderr == ""


def test_a_sale_keeps_what_it_was_sold_with(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day")
    desk.set("half_day = 11", "half_day = 10")
    desk.set("price_cents = 9000", "price_cents = 8500")
    assert desk.json("account", "1")["held"]["half_day"] == 11
    assert desk.json("sell", "2", "carnet-half-day")["price_cents"] == 8_500
    assert desk.json("account", "2")["held"]["half_day"] == 10
    sold = desk.json("report", "sales", "--from", MONDAY, "--to", MONDAY)["sales"]
    assert [sale["price_cents"] for sale in sold] == [9_000, 8_500]


def test_another_place_sells_a_week(desk: CommandLine) -> None:
    path = desk.folder / "poincon.toml"
    week = '[[pass]]\nid = "week"\nname = "Semaine"\nstatus = ""\ncovers = "everything"\nprice_cents = 7000\n'
    path.write_text(path.read_text("utf-8") + f"\n{week}months = 0\ndays = 7\n", "utf-8")
    desk.out("sell", "1", "week")
    came(desk, 1, "09:00", "17:00")
    assert desk.json("account", "1")["days"][0]["paid_by"] == "resident"
    assert desk.json("account", "1", "--as-of", "2026-11-30T12:00")["nomade_left"] is None


def test_credit_is_given_with_a_reason(desk: CommandLine) -> None:
    desk.out("give", "1", "half_day", "2", "--reason", "ménage")
    assert desk.json("account", "1")["held"]["half_day"] == 2
    assert desk.run("give", "1", "half_day", "2").exit_code == 2
    assert desk.run("give", "1", "eternity", "2", "--reason", "x").exit_code == 2
    assert "pas 0" in desk.refusal("give", "1", "hour", "0", "--reason", "x")
    assert "indiquez pourquoi" in desk.refusal("give", "1", "hour", "1", "--reason", " ")


def test_a_debt_is_paid_whole_or_in_part(desk: CommandLine) -> None:
    assert "rien n'est dû" in desk.refusal("pay", "1")
    came(desk, 1, "09:00", "17:00")
    assert desk.json("account", "1")["owed_cents"] == 1_500
    desk.out("pay", "1", "4,50", "--paid-by", "cash")
    assert desk.json("account", "1")["owed_cents"] == 1_050
    assert "10,50" in desk.refusal("pay", "1", "11")
    desk.out("pay", "1")
    assert desk.json("account", "1")["owed_cents"] == 0
    assert desk.run("pay", "1", "six").exit_code == 2


def test_a_sale_taken_back_is_as_if_it_had_never_been(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day", "--paid-by", "cash")
    came(desk, 1, "09:00", "12:00")
    taken = desk.json("cancel", "1", "--reason", "mauvaise personne")
    assert (taken["number"], taken["price_cents"], taken["paid_by"], taken["cancels"]) == (2, -9_000, "cash", 1)
    assert desk.json("account", "1")["owed_cents"] == 900
    assert "déjà annulée" in desk.refusal("cancel", "1", "--reason", "encore")
    assert "pas de vente" in desk.refusal("cancel", "7", "--reason", "x")
    assert desk.json("verify")["agree"]


def test_the_entries_behind_an_account_are_told(desk: CommandLine) -> None:
    desk.out("sell", "1", "ticket-half-day")
    came(desk, 1, "09:00", "12:00")
    entries = desk.json("ledger", "1")
    assert [(entry["kind"], entry["what"], entry["amount"], entry["cause"]) for entry in entries] == [
        ("sale", "half_day", 1, "sale 1"),
        ("debit", "half_day", -1, "desk entry 1"),
    ]
    assert all(entry["written_at"] for entry in entries)
    assert "débit" in desk.out("ledger", "1")
    assert "numéro 9" in desk.refusal("ledger", "9")


def test_a_date_is_corrected_by_presence_or_by_charge_and_the_correction_lifted(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day")
    came(desk, 1, "09:00", "17:00")
    assert "demande une raison" in desk.refusal("correct", "1", MONDAY, "--presence", "09:00-12:00")
    desk.out("correct", "1", MONDAY, "--presence", "09:00-12:00", "--reason", "parti à midi")
    (day,) = desk.json("account", "1")["days"]
    assert (day["minutes"], day["took"], day["corrected"]) == (180, {"half_day": 1}, True)
    desk.out("correct", "1", MONDAY, "--charge", "hour=1,half_day=1", "--reason", "entendu ainsi")
    assert desk.json("account", "1")["owed_cents"] == 300
    desk.out("correct", "1", MONDAY, "--lift")
    (day,) = desk.json("account", "1")["days"]
    assert (day["took"], day["corrected"]) == ({"half_day": 2}, False)
    assert "n'est pas corrigé" in desk.refusal("correct", "1", MONDAY, "--lift")
    assert desk.json("verify")["agree"]


def test_a_correction_that_leaves_a_date_as_computed_is_refused(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day")
    came(desk, 1, "09:00", "12:00")
    for words in (("--presence", "09:00-12:00"), ("--charge", "half_day=1")):
        assert "déjà calculé ainsi" in desk.refusal("correct", "1", MONDAY, *words, "--reason", "x")
    assert "à venir" in desk.refusal("correct", "1", "2026-11-24", "--presence", "none", "--reason", "x")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--presence", "09:00-12:00", "--charge", "half_day=1"),
        ("--presence", "12:00-09:00"),
        ("--presence", "morning"),
        ("--charge", "golden=1"),
        ("--charge", "half_day=1,half_day=2"),
        ("--charge", "half_day=-1"),
    ],
)
def test_a_correction_that_cannot_be_read_is_wrong_use(desk: CommandLine, words: tuple[str, ...]) -> None:
    assert desk.run("correct", "1", MONDAY, *words, "--reason", "x").exit_code == 2


@pytest.mark.parametrize("language", ["fr", "en"])
def test_how_a_charge_came_about_is_told_line_by_line(
    desk: CommandLine, snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LOGNAME", "zoe")
    desk.out("sell", "1", "carnet-half-day")
    desk.out("sell", "1", "ticket-day")
    came(desk, 1, "09:00", "17:00")
    desk.out("correct", "1", MONDAY, "--presence", "09:00-12:00", "--reason", "parti à midi")
    desk.language = language
    snapshots.same(f"explain.{language}.txt", desk.out("account", "1", "--explain", MONDAY))


def test_of_a_date_without_a_visit_there_is_nothing_to_explain(desk: CommandLine) -> None:
    came(desk, 1, "09:00", "17:00")
    assert desk.json("account", "1", "--explain", MONDAY)["explanation"]["free_min"] == 10
    assert "on ne sait rien" in desk.refusal("account", "1", "--explain", "2026-11-20")


def test_a_golden_ticket_pays_for_one_acquaintance_once(desk: CommandLine) -> None:
    assert "Ada n'a pas de ticket d'or" in desk.refusal("guest", "add", "Marie", "--golden", "1")
    desk.out("sell", "1", "carnet-day")
    assert "pas pour qui le détient" in desk.refusal("guest", "add", "ada", "--golden", "1")
    desk.out("guest", "add", "Zoé", "--golden", "1")
    assert desk.json("account", "1")["held"]["golden"] == 0
    came(desk, 2, "09:00", "17:00")
    (day,) = desk.json("account", "2")["days"]
    assert (day["paid_by"], day["owed_cents"]) == ("golden", 0)
    desk.out("give", "1", "golden", "1", "--reason", "fête")
    desk.out("guest", "leave", "Zoé")
    assert "une fois par personne" in desk.refusal("guest", "add", "ZOÉ", "--golden", "1")
    assert desk.json("verify")["agree"]


def test_the_accountant_gets_sales_with_their_tax_and_no_cell_that_runs(desk: CommandLine) -> None:
    desk.out("member", "add", '=HYPERLINK("x")')
    desk.out("sell", "3", "carnet-half-day", "--paid-by", "cash")
    desk.out("sell", "1", "resident", "--reduced", "--reason", "+services; dits", "--paid-by", "card")
    desk.out("cancel", "1", "--reason", "@erreur")
    text = desk.out("report", "sales", "--from", MONDAY, "--to", MONDAY, "--csv")
    assert text.startswith(BYTE_ORDER_MARK + "numéro;date;membre;nom;")
    lines = text.removeprefix(BYTE_ORDER_MARK).splitlines()
    assert [line.partition(";")[0] for line in lines[1:]] == ["1", "2", "3"]
    assert '"\'=HYPERLINK(""x"")"' in lines[1]
    assert ";75,00;20,00;15,00;90,00;espèces;" in lines[1]
    assert '"\'+services; dits"' in lines[2]
    assert ";-75,00;20,00;-15,00;-90,00;" in lines[3]


def test_a_days_takings_are_told_by_means_of_payment(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day", "--paid-by", "cash")
    desk.out("sell", "2", "ticket-day", "--paid-by", "cash")
    desk.out("sell", "2", "ticket-hour")
    (takings,) = desk.json("report", "sales", "--from", MONDAY, "--to", MONDAY)["takings"]
    assert takings["by_means"] == {"cash": 10_500, "card": 0, "transfer": 0, "other": 300}
    assert takings["total_cents"] == 10_800
    assert "105,00" in desk.out("report", "sales", "--from", MONDAY, "--to", MONDAY)


def test_attendance_counts_people_and_half_days_by_who_paid(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day")
    came(desk, 1, "09:00", "17:00")
    came(desk, 2, "09:30", "12:00")
    (day,) = desk.json("report", "attendance", "--from", MONDAY, "--to", MONDAY)
    assert day == {
        "date": MONDAY,
        "members": 2,
        "guests": 0,
        "minutes": 630,
        "half_days": {"owed": 1, "tickets": 2},
    }
    assert desk.out("report", "attendance", "--from", MONDAY, "--to", MONDAY, "--csv").startswith(BYTE_ORDER_MARK)


def test_occupancy_is_averaged_over_the_hours_of_the_week(desk: CommandLine) -> None:
    came(desk, 1, "09:00", "12:00")
    came(desk, 2, "09:30", "10:00")
    hours = desk.json("report", "occupancy", "--from", MONDAY, "--to", MONDAY)
    nine = next(hour for hour in hours if hour["hour"] == 9)
    assert (nine["weekday"], nine["mean"], nine["peak"], nine["days"]) == (0, 1.5, 2, 1)
    assert [hour["hour"] for hour in hours] == list(range(8, 18))


def test_a_report_that_ends_before_it_begins_is_wrong_use(desk: CommandLine) -> None:
    assert desk.run("report", "sales", "--from", MONDAY, "--to", "2026-11-01").exit_code == 2
    assert desk.run("report", "sales", "--from", MONDAY, "--to", MONDAY, "--csv", "--json").exit_code == 2


def test_books_that_were_tampered_with_are_told(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day")
    came(desk, 1, "09:00", "17:00")
    with open_database(desk.site.database_path) as db:
        db.execute("DROP TRIGGER ledger_delete")
        db.execute("DELETE FROM ledger WHERE kind = 'debit' AND id = (SELECT max(id) FROM ledger)")
    result = desk.run("verify", "--json")
    assert result.exit_code == 1
    assert '"subject": "ledger"' in result.stdout


def test_somebody_forgotten_leaves_books_that_agree(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day")
    came(desk, 1, "09:00", "17:00")
    desk.out("member", "forget", "1", "--yes")
    assert desk.json("verify")["agree"]
    assert desk.json("report", "sales", "--from", MONDAY, "--to", MONDAY)["takings"][0]["total_cents"] == 9_000


def test_a_server_that_is_down_is_told_of_the_evening_by_the_rules_alone(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-half-day")
    came(desk, 1, "09:00", None)
    desk.now = Instant.parse("2026-11-24T06:00:00.000Z")
    (day,) = desk.json("account", "1")["days"]
    assert (day["took"], day["automatic"]) == ({"half_day": 1}, True)
    assert desk.json("verify")["agree"]
    with open_database(desk.site.database_path) as db:
        house = house_of(db, desk.site.settings)
        assert check_out_due(work_at(desk.now, db, house))
        assert house.day_of(desk.now) == date(2026, 11, 24)
    assert desk.json("account", "1")["days"] == [day]
    assert desk.json("verify")["agree"]


@pytest.mark.parametrize("typed", ["beatrice ROANNE", "Be\u0301atrice  Roanne", "BÉATRICE-ROANNE"])
def test_a_golden_ticket_is_once_per_person_however_the_name_is_typed(desk: CommandLine, typed: str) -> None:
    desk.out("sell", "1", "carnet-day")
    desk.out("give", "1", "golden", "1", "--reason", "fête")
    desk.out("guest", "add", "Béatrice Roanne", "--golden", "1")
    desk.out("guest", "leave", typed)
    assert "une fois par personne" in desk.refusal("guest", "add", typed, "--golden", "1", "--another")
    assert desk.json("account", "1")["held"]["golden"] == 1


def test_a_like_name_is_asked_about_and_two_people_are_two(desk: CommandLine) -> None:
    desk.out("sell", "1", "carnet-day")
    desk.out("give", "1", "golden", "1", "--reason", "fête")
    desk.out("guest", "add", "Béatrice Roanne", "--golden", "1")
    told = desk.refusal("guest", "add", "Roanne Béatrice", "--golden", "1")
    assert told.startswith("Béatrice Roanne est déjà venu·e le 2026-11-23, sur un ticket d'or de Ada")
    assert "--another" in told
    desk.out("guest", "add", "Roanne Béatrice", "--golden", "1", "--another")
    assert desk.json("account", "1")["held"]["golden"] == 0


@pytest.mark.parametrize("typed", ["Lovelace Ada", "ada LOVELACE", "Lovelace, Ada"])
def test_the_holder_of_a_golden_ticket_invites_herself_in_no_order_of_words(desk: CommandLine, typed: str) -> None:
    desk.out("member", "add", "Ada Lovelace")
    desk.out("sell", "3", "carnet-day")
    assert "pas pour qui le détient" in desk.refusal("guest", "add", typed, "--golden", "3", "--another")


@pytest.mark.parametrize("typed", ["A. Lovelace", "Mme Lovelace", "Ada King Lovelace", "Ada Lovelace (amie)"])
def test_who_is_named_like_the_holder_is_asked_about(desk: CommandLine, typed: str) -> None:
    desk.out("member", "add", "Ada Lovelace")
    desk.out("sell", "3", "carnet-day")
    told = desk.refusal("guest", "add", typed, "--golden", "3")
    assert told.startswith("ce ticket d'or est à Ada Lovelace") and f"la même personne que {typed}" in told
    desk.out("guest", "add", typed, "--golden", "3", "--another")
    assert desk.json("account", "3")["held"]["golden"] == 0


@pytest.mark.parametrize("typed", ["Béatrice Roanne", "ROANNE Béatrice", "beatrice roanne"])
def test_a_golden_ticket_pays_for_the_date_of_the_member_invited_in_any_order_of_words(
    desk: CommandLine, typed: str
) -> None:
    desk.out("member", "add", "Roanne Béatrice")
    invited = int(desk.json("member", "list", "--search", "Roanne")[0]["id"])
    came(desk, invited, "09:00", "10:30")
    assert desk.json("account", str(invited))["owed_cents"] == 600
    desk.out("sell", "1", "carnet-day")
    desk.out("guest", "add", typed, "--golden", "1")
    assert desk.json("account", str(invited))["owed_cents"] == 0


def test_nothing_is_no_payment(desk: CommandLine) -> None:
    came(desk, 1, "09:00", "10:30")
    assert "indiquez un montant" in desk.refusal("pay", "1", "0")
    assert desk.json("account", "1")["owed_cents"] == 600


def test_money_may_go_back_otherwise_than_it_came(desk: CommandLine) -> None:
    desk.out("sell", "1", "resident", "--paid-by", "cash")
    with open_database(desk.site.database_path) as db:
        house = house_of(db, desk.site.settings)
        cancel(work_at(desk.now, db, house), 1, reason="erreur", paid_by="transfer")
        assert [(sale.price_cents > 0, sale.paid_by) for sale in sales.of_member(db, 1)] == [
            (True, "cash"),
            (False, "transfer"),
        ]
