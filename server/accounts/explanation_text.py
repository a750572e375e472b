"""How the charge of a date came about, as a member reads it: a few lines in any language."""

from collections.abc import Iterator

from server.accounts.explanation import Explanation, StayTold
from server.core.charge.day_charge import Charge, DayCharge
from server.core.charge.passes import PAYING_KINDS
from server.core.charge.ways_to_pay import Held, Way
from server.i18n import labels
from server.i18n.speech import Speech


def lines(explanation: Explanation, speech: Speech) -> list[str]:
    """The account of a date: the date first; the ways to pay are set in by two spaces."""
    return list(_Account(explanation, speech).lines())


class _Account:
    """One explanation in one language."""

    def __init__(self, explanation: Explanation, speech: Speech) -> None:
        self._explanation, self._speech = explanation, speech
        self._say = speech.say

    def lines(self) -> Iterator[str]:
        """Everything, in the order of what follows from what."""
        db, speech = self._explanation.db, self._speech
        day = speech.full_date(db.day)
        yield day[:1].upper() + day[1:]
        yield from self._presence_lines()
        yield self._time_line(db.charge)
        yield from self._payer_lines()
        yield from self._choice_lines()
        for taken in self._explanation.taken:
            tickets, until = speech.amount(taken.kind, taken.number), speech.full_date(taken.last_day)
            yield self._say(
                "Taken: {tickets} (lot {lot}, valid until {day}).", tickets=tickets, lot=taken.lot, day=until
            )
        yield from self._owed_lines(db)
        if db.computed is not None:
            yield self._say("Without the correction: {summary}.", summary=self._summary(db.computed))

    def _presence_lines(self) -> Iterator[str]:
        explanation, listed = self._explanation, self._speech.listed
        if explanation.stays:
            yield self._say("Presence: {stays}.", stays=listed([self._stay(stay) for stay in explanation.stays]))
        elif explanation.is_past:
            yield self._say("When it was is not kept any more, how long is.")
        if explanation.db.corrected == "presence":
            corrected = listed([self._stay(stay) for stay in explanation.corrected_stays])
            yield (
                self._say("Presence corrected by an operator: {stays}.", stays=corrected)
                if corrected
                else self._say("Presence corrected by an operator: none.")
            )
        else:
            for stay in explanation.stays:
                if stay.last_seen is not None:
                    yield self._say(
                        "Nobody badged out: seen at {time} for the last time, counted until the end of that half-day.",
                        time=self._speech.clock(stay.last_seen),
                    )
        if explanation.db.charge.use.present:
            yield self._say(
                "Still in: counted as for leaving now, or just after {minutes} minutes where those are not over.",
                minutes=explanation.free_min,
            )

    def _stay(self, stay: StayTold) -> str:
        since = self._speech.clock(stay.since)
        if stay.until is None:
            return self._say("since {time}", time=since)
        until = self._speech.clock(stay.until)
        if stay.last_seen:
            return self._say("{since} – {until} (automatic check-out)", since=since, until=until)
        return f"{since} – {until}"

    def _time_line(self, charge: Charge) -> str:
        use, duration = charge.use, self._speech.duration
        counted = self._say(
            "Within opening hours: morning {morning}, afternoon {afternoon}.",
            morning=duration(use.morning_ms),
            afternoon=duration(use.afternoon_ms),
        )
        if not use.used:
            return f"{counted} {self._say('No half-day used.')}"
        used = self._speech.listed([self._say(labels.HALF_DAYS[half]) for half in use.used])
        return f"{counted} {self._say('Used: {half_days}.', half_days=used)}"

    def _payer_lines(self) -> Iterator[str]:
        db = self._explanation.db
        if db.corrected == "charge":
            yield self._say("Charge corrected by an operator.")
        elif db.charge.payer == "free":
            yield self._say("At most {minutes} minutes in all: nothing is charged.", minutes=self._explanation.free_min)
        elif db.charge.payer == "resident":
            yield self._say("Resident pass: everything is covered.")
        elif db.charge.payer == "golden":
            yield self._say("Invited on a golden ticket: nothing is charged.")
        for drawn in self._explanation.drawn:
            yield self._say(
                "Nomad pass: {half_days} of the allowance (valid until {day}).",
                half_days=self._speech.amount("half_day", drawn.half_days),
                day=self._speech.full_date(drawn.last_day),
            )

    def _choice_lines(self) -> Iterator[str]:
        if not self._explanation.weighed:
            return
        held = self._amount(self._explanation.db.charge.held)
        if self._explanation.db.settled_on:
            yield self._say("Held at the time of the purchase: {tickets}.", tickets=held)
        else:
            yield self._say("Held that day: {tickets}.", tickets=held)
        if len(self._explanation.weighed) > 1:
            yield self._say("Ways to pay (the fewest euros owed, then the least value, then the fewest tickets):")
            for rank, way in enumerate(self._explanation.weighed):
                yield f"  {'·' if rank else '→'} {self._way(way)}"

    def _way(self, way: Way) -> str:
        money, tickets = self._speech.money, self._amount(way.tickets)
        owed = self._say("{amount} owed", amount=money(way.owed_cents)) if way.owed_cents else self._say("nothing owed")
        if not way.value_cents:
            return f"{tickets}, {owed}"
        return self._say("{tickets}, worth {value}, {owed}", tickets=tickets, value=money(way.value_cents), owed=owed)

    def _owed_lines(self, db: DayCharge) -> Iterator[str]:
        money = self._speech.money
        if db.settled_on is not None:
            day = self._speech.full_date(db.settled_on)
            yield self._say("Debt covered on {day}, by what was bought or given then.", day=day)
        if db.charge.due_cents:
            yield self._say("Not covered: {amount}.", amount=money(db.charge.due_cents))
        if db.paid_cents:
            yield self._say("Paid: {amount}.", amount=money(db.paid_cents))
        if db.charge.due_cents:
            yield self._say("Still owed: {amount}.", amount=money(db.owed_cents))

    def _summary(self, charge: Charge) -> str:
        amount = self._speech.amount
        parts = [amount(kind, number) for _, kind, number in charge.taken]
        parts += [
            self._say("{half_days} of the Nomad pass", half_days=amount("half_day", half_days))
            for _, half_days in charge.drawn
        ]
        if charge.due_cents:
            parts.append(self._say("{amount} owed", amount=self._speech.money(charge.due_cents)))
        return self._speech.listed(parts) or self._say("nothing to pay")

    def _amount(self, held: Held) -> str:
        kinds = zip(PAYING_KINDS, held, strict=True)
        some = [self._speech.amount(kind, number) for kind, number in kinds if number]
        return self._speech.listed(some) or self._say("no ticket")
