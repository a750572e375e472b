"""What needs a hand is on top, until somebody has dismissed it."""

from datetime import timedelta
from typing import Any, get_args

from msgspec.structs import replace

from server.backups.note import BackupFault, BackupNote
from server.core.ical.file import Trouble, Why
from server.desk.copies import Copies
from server.i18n.labels import CALENDAR_FAULTS, CALENDAR_TROUBLES
from server.replica.note import ReplicaNote
from server.rooms.calendars import CalendarFault, CalendarReport, Ill
from server.site.badge_keys import SiteKeys
from server.store.people import badge_keys
from server.store.units import access_lists
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

BADGE, KEYED = "uid:04A1B2C3D4E5F6", "ntag424:04A1B2C3D4E5F6"


def shown(desk: Visitor) -> str:
    return text_of(desk.page("/parts/matters"))


def dismiss(desk: Visitor) -> None:
    page = desk.page("/parts/matters")
    keys = [part.split('"')[0] for part in page.split('name="key" value="')[1:]]
    desk.does("/matters/put-away", key=keys)


def test_a_door_held_open_is_shown_while_it_is(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.says("front", alarms=["held"])
    assert "front · porte restée ouverte (en ce moment)" in shown(desk)
    house.says("front", alarms=[])
    assert "Rien ne demande votre aide." in shown(desk)


def test_a_door_that_was_forced_is_shown_until_somebody_has_seen_it(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.alarms("forced")
    house.alarms("forced", active=False)
    assert "front · porte forcée 09:14 C'est vu" in shown(desk)
    dismiss(desk)
    assert "Rien ne demande" in shown(desk)
    house.pass_time(minutes=10)
    house.alarms("forced")
    assert "porte forcée" in shown(desk)


def test_fire_leads_to_the_evacuation_list(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.says("front", alarms=["fire"])
    assert "Incendie front : les portes sont libérées. Liste d'évacuation" in shown(desk)


def test_a_unit_is_silent_after_two_minutes_not_at_once(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.says("front", online=False)
    assert "ne donne plus" not in shown(desk)
    house.pass_time(minutes=3)
    assert "front · ne donne plus de nouvelles depuis 09:14" in shown(desk)


def test_a_badge_that_may_be_a_copy_is_told(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member("Aline", BADGE)
    house.tap(BADGE, reason="not_authentic")
    assert "Copie possible un badge n'a pas prouvé sa clé à front UID …D4E5F6 09:14" in shown(desk)


def test_of_what_may_be_a_copy_it_is_said_whose_badge_it_is_and_what_to_do(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member("Aline", KEYED)
    house.tap(KEYED, reason="not_authentic")
    told = shown(desk)
    assert "à front NTAG 424 …D4E5F6 09:14 Il porte le numéro du badge attribué à Aline" in told
    assert "Sinon quelqu'un tient une copie, qui n'a rien ouvert" in told


def test_of_what_may_be_a_copy_the_page_says_door_holder_and_what_to_do_in_english_too(
    house: WebHouse, desk: Visitor
) -> None:
    house.door()
    house.member("Aline", KEYED)
    house.tap(KEYED, reason="not_authentic")
    told = text_of(desk.page("/parts/matters?lang=en"))
    assert "Perhaps a copy a badge did not prove its key at front NTAG 424 …D4E5F6" in told
    assert "It has the number of the badge given to Aline" in told
    assert "give the badge new keys at the desk. If not, somebody holds a copy, which opened nothing" in told


def test_what_may_be_a_copy_of_nobodys_badge_is_to_be_asked_about(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.tap(KEYED, reason="not_authentic")
    told = shown(desk)
    assert "Personne n'a le badge de ce numéro. Il n'a rien ouvert : demandez d'où il vient à qui l'a présenté." in told
    assert "Si c'était bien cette personne" not in told


def test_a_door_without_its_newest_list_is_told_beside_the_badge_it_refused(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member("Aline", KEYED)
    house.tap(KEYED, reason="not_authentic")
    access_lists.note(house.db, "front", access_lists.Sent(2, "", house.now))
    assert "La porte n'a pas encore sa dernière liste" in shown(desk)
    house.says("front", list_version=2)
    assert "La porte n'a pas encore sa dernière liste" not in shown(desk)


def moved_on(house: WebHouse) -> None:
    """Aline's badge gets the keys of version 2, an hour after those of version 1."""
    for version in (1, 2):
        badge_keys.begin(house.db, KEYED.partition(":")[2], "ntag424", version, now=house.now)
        badge_keys.finish(house.db, KEYED.partition(":")[2], now=house.now)
        house.pass_time(hours=1)


def test_a_door_that_was_away_and_refused_a_new_key_is_told_as_behind_once_it_is_back(
    house: WebHouse, desk: Visitor
) -> None:
    house.door()
    house.member("Aline", KEYED)
    house.site_keys = SiteKeys({1: bytes(16), 2: bytes(range(16))})
    before = house.now
    house.pass_time(minutes=30)
    moved_on(house)
    tapped = house.now
    house.pass_time(hours=3)
    house.tap(KEYED, reason="not_authentic", at=tapped, list_issued_at=before + timedelta(minutes=45))
    told = shown(house.desk())
    assert "Porte sans la nouvelle clé front a refusé un badge : la porte n'avait pas encore la nouvelle clé" in told
    assert "attribué à Aline" in told
    assert "La porte a maintenant sa dernière liste" in told
    assert "Copie possible" not in told


def test_a_copy_that_a_door_with_the_new_key_refused_is_told_whatever_another_door_lacked(
    house: WebHouse, desk: Visitor
) -> None:
    house.door()
    house.door("back")
    house.member("Aline", KEYED)
    house.site_keys = SiteKeys({1: bytes(16), 2: bytes(range(16))})
    before = house.now
    moved_on(house)
    house.tap(KEYED, reason="not_authentic", list_issued_at=house.now)
    house.pass_time(minutes=5)
    house.tap(KEYED, "back", reason="not_authentic", list_issued_at=before)
    told = shown(house.desk())
    assert "Copie possible un badge n'a pas prouvé sa clé à front" in told
    assert "back a refusé un badge : la porte n'avait pas encore la nouvelle clé" in told


def test_new_keys_of_the_same_version_are_no_reason_for_a_door_to_refuse(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member("Aline", KEYED)
    house.site_keys = SiteKeys({1: bytes(16)})
    identity = KEYED.partition(":")[2]
    for _ in range(2):
        badge_keys.begin(house.db, identity, "ntag424", 1, now=house.now)
        badge_keys.finish(house.db, identity, now=house.now)
        issued_at = house.now
        house.pass_time(minutes=1)
    house.tap(KEYED, reason="not_authentic", list_issued_at=issued_at - timedelta(seconds=30))
    assert "Copie possible" in shown(desk)


def test_a_badge_whose_key_is_over_is_no_copy(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member("Aline", KEYED)
    badge_keys.settle(house.db, 1)
    house.site_keys = SiteKeys({2: bytes(16)})
    house.tap(KEYED, reason="not_authentic")
    assert "Sa clé n'a plus cours" in shown(desk)


def test_a_rotation_of_the_keys_is_told_until_it_is_finished(house: WebHouse, desk: Visitor) -> None:
    house.member("Aline", KEYED)
    badge_keys.settle(house.db, 1)
    house.site_keys = SiteKeys({1: bytes(16), 2: bytes(range(16))})
    assert "1 badge porte encore l'ancienne clé : changez-la au comptoir. Aline (1)" in shown(desk)
    badge_keys.begin(house.db, KEYED.partition(":")[2], "ntag424", 2, now=house.now)
    badge_keys.finish(house.db, KEYED.partition(":")[2], now=house.now)
    assert "Plus aucun badge ne porte l'ancienne clé" in shown(desk)
    house.site_keys = SiteKeys({2: bytes(range(16))})
    assert "Rien ne demande" in shown(desk)


def test_automatic_check_outs_are_confirmed_the_next_morning(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member("Aline", BADGE)
    house.tap(BADGE)
    house.pass_time(days=1)
    desk = house.desk()
    assert "1 sortie automatique à vérifier Aline lun. 23, 09:14, sortie automatique à 18:00" in shown(desk)
    dismiss(desk)
    assert "Rien ne demande" in shown(desk)


def test_a_check_out_that_was_corrected_leaves_the_list_and_comes_back_with_its_correction_lifted(
    house: WebHouse, desk: Visitor
) -> None:
    house.door()
    for name, badge in (("Aline", BADGE), ("Paul", "uid:04A1B2C3D4E5F7")):
        house.member(name, badge)
        house.tap(badge)
    house.pass_time(days=1)
    desk = house.desk()
    assert "2 sorties automatiques à vérifier" in shown(desk)
    page = text_of(desk.does("/members/1/days/2026-11-23/left", at="12:15", next="/"))
    assert "Journée corrigée : Aline, lun. 23. Annuler" in page
    assert "1 sortie automatique à vérifier Paul" in shown(desk)
    other = desk.post("/members/1/days/2026-11-23/left", at="16:00", next="/")
    assert other.status_code == 409
    assert "Marie a corrigé cette journée" in text_of(other.text)
    desk.does("/members/1/days/2026-11-23/lift", next="/")
    assert "2 sorties automatiques à vérifier" in shown(desk)


def test_somebody_who_comes_in_twice_is_told(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member("Aline", BADGE)
    house.tap(BADGE)
    house.pass_time(minutes=20)
    house.tap(BADGE)
    assert "Aline est entré·e sans être sorti·e 09:34" in shown(desk)


def test_messages_set_aside_are_counted_anew_after_a_look(house: WebHouse, desk: Visitor) -> None:
    house.door()
    for _ in range(3):
        house.garbage()
    assert "3 messages mis de côté" in shown(desk)
    assert "mal formé" in desk.page("/set-aside")
    dismiss(desk)
    assert "Rien ne demande" in shown(desk)
    house.garbage()
    assert "1 message mis de côté" in shown(desk)


def test_more_people_in_rooms_than_in_the_place_is_told(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.dials("open-space", "focus", 4)
    assert "leurs cadrans disent 4 personnes, et 0 sont là" in shown(desk)


def test_a_server_that_cannot_write_says_so(house: WebHouse, desk: Visitor) -> None:
    house.stats.disk_fault = "database or disk is full"
    assert "database or disk is full" in shown(desk)


def test_five_taps_of_telephones_are_one_word_and_nobody_is_asked_whose_badge_it_is(
    house: WebHouse, desk: Visitor
) -> None:
    house.door()
    for nth in range(5):
        house.tap(f"uid:08A1B2C{nth}", reason="unknown_credential")
    page = shown(desk)
    assert "Téléphone présenté il montre un autre numéro à chaque fois" in page
    assert "front, 09:14, 5 fois" in page
    assert "À qui est-il" not in page
    assert "refusé un téléphone : il ne peut pas servir de badge · front" in text_of(desk.page("/"))
    dismiss(desk)
    house.tap("uid:08A1B2C9", reason="unknown_credential")
    assert "Rien ne demande" in shown(desk)


def test_a_card_whose_seven_bytes_begin_as_telephones_do_is_a_badge(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.tap("uid:08A1B2C3D4E5F6", reason="unknown_credential")
    assert "À qui est-il" in shown(desk)


def test_what_cannot_be_read_of_a_calendar_is_told_with_file_entry_and_why(house: WebHouse, desk: Visitor) -> None:
    trouble = Trouble(14, "Réunion <b>", "no_start")
    house.calendars = [CalendarReport("reunion", "room.ics", 3, None, (trouble,), False)]
    assert (
        "Salle de réunion · 1 élément illisible dans son calendrier room.ics"
        " ligne 14 « Réunion <b> » : le début manque ou ne se lit pas : elle ne réserve rien C'est vu"
    ) in shown(desk)
    dismiss(desk)
    assert "Rien ne demande" in shown(desk)
    house.calendars = [CalendarReport("reunion", "room.ics", 3, None, (trouble._replace(line=20),), False)]
    assert "ligne 20" in shown(desk)


def test_a_calendar_that_cannot_be_had_is_told_and_so_is_an_open_password(house: WebHouse, desk: Visitor) -> None:
    house.calendars = [
        CalendarReport("reunion", "agenda.example.org", 0, CalendarFault("refused", "403"), (), False),
        CalendarReport("atelier", "agenda.example.org", 0, None, (), True),
    ]
    page = shown(desk)
    assert "Calendrier illisible Salle de réunion agenda.example.org · l'adresse refuse (403)." in page
    assert "Atelier · le mot de passe de son calendrier est dans les réglages" in page
    metrics = desk.page("/metrics")
    assert 'poincon_calendar_up{room="reunion"} 0\n' in metrics
    assert 'poincon_calendar_up{room="atelier"} 1\n' in metrics
    assert 'poincon_calendar_unread{room="reunion"} 0\n' in metrics


def test_every_reason_has_its_words(house: WebHouse, desk: Visitor) -> None:
    troubles = tuple(Trouble(1, "", why) for why in get_args(Why))
    house.calendars = [
        CalendarReport("reunion", "r.ics", 0, CalendarFault(ill), troubles, False) for ill in get_args(Ill)
    ]
    assert "no_" not in shown(desk) and "too_" not in shown(desk)
    assert (set(CALENDAR_TROUBLES), set(CALENDAR_FAULTS)) == (set(get_args(Why)), set(get_args(Ill)))


def test_a_night_without_a_backup_is_told_with_the_last_good_one(house: WebHouse, desk: Visitor) -> None:
    note = BackupNote(tried_at=house.now, good_at=house.now, file="b.tar.age", size=9, sealed=True)
    house.copies = Copies(note)
    assert "Rien ne demande votre aide. Dernière sauvegarde : 09:14." in shown(desk)
    house.copies = Copies(replace(note, good_at=house.now - timedelta(hours=37)))
    assert "Pas de sauvegarde cette nuit La dernière sauvegarde date de" in shown(desk)


def test_why_a_backup_failed_is_told_in_words(house: WebHouse, desk: Visitor) -> None:
    for fault, words in (
        (BackupFault("backup_folder_missing", {"folder": "/media/stick"}), "/media/stick n'existe pas"),
        (BackupFault("system_error", {"error": "Input/output error"}), "Input/output error"),
    ):
        house.copies = Copies(BackupNote(tried_at=house.now, fault=fault))
        assert f"Il n'y en a encore aucune. {words}" in shown(desk)


def test_a_place_that_has_a_key_and_no_backup_for_two_nights_is_told(house: WebHouse, desk: Visitor) -> None:
    house.copies = Copies(sealed_since=house.now)
    assert "Rien ne demande" in shown(desk)
    house.copies = Copies(sealed_since=house.now - timedelta(hours=37))
    assert "Il n'y en a encore aucune." in shown(desk)


def test_backups_that_anybody_can_read_are_told_once(house: WebHouse, desk: Visitor) -> None:
    house.copies = Copies(BackupNote(tried_at=house.now, good_at=house.now, file="b.tar", size=9))
    assert "ne sont pas chiffrées" in shown(desk)
    dismiss(desk)
    assert "Rien ne demande" in shown(desk)


def copy_of(house: WebHouse, **more: Any) -> Copies:
    """The copy of a place that wants one, complete now."""
    note = ReplicaNote(where="file:///media/stick", term=1, began_at=house.now, looked_at=house.now)
    return Copies(wants_replica=True, replica=replace(note, **{"current_at": house.now, **more}))


def test_a_copy_that_follows_asks_for_nothing(house: WebHouse, desk: Visitor) -> None:
    for minutes in (0, 4):
        house.copies = copy_of(house, current_at=house.now - timedelta(minutes=minutes), fault="behind")
        assert "Rien ne demande votre aide." in shown(desk)


def test_a_copy_that_does_not_follow_is_told_with_what_to_do(house: WebHouse, desk: Visitor) -> None:
    earlier = house.now - timedelta(minutes=6)
    for copies, words in (
        (copy_of(house, current_at=earlier), "Elle était complète pour la dernière fois à"),
        (copy_of(house, current_at=None, began_at=earlier), "Elle n'a jamais été complète."),
        (
            copy_of(house, fault="away", detail="no route"),
            "La clé USB, ou la machine qui la porte, est-elle branchée ?",
        ),
        (copy_of(house, unverified="backup_damaged"), "pour essai n'est pas un lieu entier"),
        (Copies(wants_replica=True), "poincon-replica tourne-t-il ?"),
    ):
        house.copies = copies
        assert "La copie des livres ne suit pas" in shown(desk)
        assert words in shown(desk)


def test_a_place_that_wants_no_copy_is_told_of_none(house: WebHouse, desk: Visitor) -> None:
    house.copies = replace_copy(copy_of(house, fault="away"))
    assert "Rien ne demande" in shown(desk)


def replace_copy(copies: Copies) -> Copies:
    """The same copy, left from when there was one wanted."""
    return Copies(wants_replica=False, replica=copies.replica)
