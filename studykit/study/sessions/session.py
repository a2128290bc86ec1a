"""A study session: ask, answer, grade; every grade is in the log before the next question is asked.

The screen and the plain form both stand on this class and hold nothing of their own that could be lost.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from studykit.errors import NotFoundError, Problem
from studykit.locale import _
from studykit.spacing.day import counted_day
from studykit.store import due, events, undoable
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store, only_writer, open_store
from studykit.store.log import Log
from studykit.study.figures.habits import Habits, habits_of
from studykit.study.planning.breaks import latest_break
from studykit.study.planning.outlook import Outlook, outlook
from studykit.study.sessions.actions import keep
from studykit.study.sessions.choices import UNSCHEDULED, Choice, choices_for
from studykit.study.sessions.queue import RETURN_AFTER, Request, fitting
from studykit.study.sessions.sitting import Counts, Question, Summary, Waiting
from studykit.study.sessions.todays_queue import todays_queue
from studykit.study.vault import Vault

if TYPE_CHECKING:  # what only some cards need is loaded when they come: the first question is there sooner
    from studykit.calculators.answer import Judgement
    from studykit.study.sessions.numeric import NumericAsk

__all__ = ["Choice", "Counts", "Question", "Request", "Session", "Summary", "Waiting"]

Clock = Callable[[], datetime]


class _Graded(NamedTuple):
    """A grade of this session, with what is needed to take it back."""

    card: CardRow
    rating: int
    first_today: bool


class Session(msgspec.Struct):
    """One sitting with one vault. Make it with `open`; `finish` it in the end, whatever happened."""

    vault: Vault
    store: Store
    log: Log
    request: Request
    clock: Clock
    started: datetime
    outlook: Outlook | None = None
    queue: list[CardRow] = msgspec.field(default_factory=list)
    graded: list[_Graded] = msgspec.field(default_factory=list)
    question: Question | None = None
    _reviewed: set[str] = msgspec.field(default_factory=set)  # files whose review fields follow at the end
    _ask: "NumericAsk | None" = None
    _choices: tuple[Choice, ...] = ()
    _summary: Summary | None = None
    _known_habits: Habits | None = None
    _held: ExitStack = msgspec.field(default_factory=ExitStack)

    @staticmethod
    def open(vault: Vault, request: Request, clock: Clock = datetime.now) -> "Session":
        """Begin: take the vault's lock, build the queue, ask the first card. Raises BusyError, FilterError."""
        held = ExitStack()
        try:
            held.enter_context(only_writer(vault.store_file))
            store = open_store(vault.store_file)
            held.callback(store.close)
            undoable.continue_ids(store, vault.device)
            session = Session(vault, store, Log(vault.log_folder, vault.device), request, clock, clock(), _held=held)
            session.queue = session._queue_for(request)
            if not request.cram:
                session.outlook = outlook(vault, store, session._habits(), session.day, request.minutes)
            session._ask_first()
        except BaseException:
            held.close()
            raise
        return session

    @property
    def day(self) -> date:
        """The local study day now."""
        return self.vault.day(self.clock())

    @property
    def today(self) -> str:
        return self.day.isoformat()

    @property
    def counts(self) -> Counts:
        """What is left, by state, the card in front included."""
        states = [card.state(self.today) for card in self.queue]
        return Counts(states.count("new"), states.count("learning"), states.count("review"))

    @property
    def done(self) -> int:
        """Cards that were graded and do not come back in this session."""
        waiting = {card.id for card in self.queue}
        return len({graded.card.id for graded in self.graded} - waiting)

    @property
    def total(self) -> int:
        return self.done + len(self.queue)

    def answer(self) -> str:
        """The answer of the card in front, Markdown."""
        return self._ask.answer() if self._ask else self._front().answer

    def key_points(self) -> tuple[str, ...]:
        """What a good answer mentions, to grade against."""
        from studykit.cards.keypoints import key_points

        return () if self._ask else key_points(self._front().answer)

    def judge(self, typed: str, *, seconds: float | None = None, hinted: bool = False) -> "Judgement":
        """A typed answer, judged. `seconds`: how long it took; `hinted`: a hint was shown; both bear on the grade."""
        if self._ask is None:
            raise NotFoundError(_("This card asks for no number."))
        return self._ask.judge(typed, seconds=seconds, hinted=hinted)

    def steps(self) -> tuple[str, ...]:
        """The way to the right number, a line each; empty for other cards."""
        return self._ask.steps() if self._ask else ()

    def choices(self) -> tuple[Choice, ...]:
        """The four grades with the days until the card returns, exactly as grading will decide; cram has no days."""
        if not self._choices and self.queue:
            card = self._front()
            self._choices = UNSCHEDULED if self.request.cram else choices_for(self.vault, self.store, card, self.day)
        return self._choices

    def grade(self, rating: int, ms: int, *, suggested: int | None = None, typed: str | None = None) -> None:
        """Grade the card in front, 1 to 4, after `ms` milliseconds. In the log, fsynced, when this returns."""
        card = self._front()
        choice = self.choices()[rating - 1]
        first = card.last != self.today
        if not self.request.cram:
            day, back = counted_day(self.day, date.fromisoformat(card.last) if card.last else None)
            event = events.Review(
                **self.vault.stamp(self.clock(), day),
                card=card.id,
                rating=rating,
                ms=ms,
                fuzz=choice.fuzz,
                file="" if card.days else card.file,
                front="" if card.days else events.front_of(card.prompt),
                suggested=suggested,
                answer=typed,
                clock_back=back,
            )
            self._keep([event])
            self._reviewed.add(card.file)
        self.graded.append(_Graded(card, rating, first))
        self.queue.pop(0)
        if rating == 1:
            self._return_later(card)
        self._ask_first()

    def undo(self) -> str | None:
        """Take back the last thing done on this device, today or before; its label, or None when there is none.

        The ticks of a list were one thing.
        """
        last = undoable.last_undoable(self.store, self.vault.device)
        if last is None or self.request.cram:
            return None
        taken = undoable.together(self.store, last, self.vault.device)
        self._keep([events.Undo(**self.vault.stamp(self.clock()), event=each.id) for each in taken])
        if last.type == "review" and self.graded and self.graded[-1].card.id == last.card:
            self.graded.pop()
        names = [each.card for each in reversed(taken)]
        self.queue = [card for card in self.queue if card.id not in names]
        asked = "id = ? AND active = 1 AND suspended = 0"
        back = [card for name in dict.fromkeys(names) for card in select_cards(self.store, asked, (name,))]
        self._reviewed |= {card.file for card in back}
        self.queue[:0] = back
        self._ask_first()
        return last.type

    def suspend(self) -> None:
        """Do not ask the card in front again until it is unsuspended."""
        self._keep([events.Suspend(**self.vault.stamp(self.clock()), card=self._front().id, on=True)])
        self._leave_front()

    def bury(self) -> None:
        """Do not ask the card in front before tomorrow."""
        until = (self.day + timedelta(days=1)).isoformat()
        self._keep([events.Bury(**self.vault.stamp(self.clock()), card=self._front().id, until=until)])
        self._leave_front()

    def flag(self) -> bool:
        """Turn the flag of the card in front; whether it is flagged now."""
        card = self._front()
        on = not card.flagged
        self._keep([events.Flag(**self.vault.stamp(self.clock()), card=card.id, on=on)])
        self.queue[0] = select_cards(self.store, "id = ?", (card.id,))[0]
        self._ask_first()
        return on

    def note(self, name: str = "") -> str:
        """A whole note of the vault, that of the card in front if none is named; Markdown without its frontmatter.

        Raises NotFoundError.
        """
        from studykit.vault.note import parse_note

        name = name or self._front().file
        with open(self._note_file(name), "rb") as file:
            return parse_note(name, file.read()).body

    def _note_file(self, name: str) -> str:
        import os

        file = os.path.join(self.vault.root, name)
        if not os.path.exists(file):
            raise NotFoundError(
                _("{file} is not there any more.").format(file=name),
                _("It was moved or deleted; the next sync follows it."),
            )
        return file

    def turn_to(self, words: str) -> int:
        """Go on with the cards that the filter `words` names and that are due or new; how many. None: all stays.

        What was graded stays in the session's figures. Raises FilterError pointing at the character that is wrong.
        """
        asked = Request(filter=words, cram=self.request.cram)
        queue = self._queue_for(asked)
        if queue:
            self.request, self.queue = asked, queue
            self._ask_first()
        return len(queue)

    def place(self) -> tuple[str, int]:
        """Absolute file and line of the card in front, for an editor. Raises NotFoundError."""
        card = self._front()
        return self._note_file(card.file), card.line

    def reload(self) -> None:
        """After an edit: read what changed; the same card stays in front if its note still makes it."""
        from studykit.study.sync import synchronise

        heirs = synchronise(self.vault, self.store).successors
        wanted = [heirs.get(card.id, card.id) for card in self.queue]
        fresh = {card.id: card for card in select_cards(self.store, "active = 1 AND suspended = 0")}
        self.queue = [fresh[name] for name in dict.fromkeys(wanted) if name in fresh]
        self._ask_first()

    def waiting(self) -> Waiting:
        """What the vault holds beyond this session: why nothing is asked, when nothing is."""
        count = self.store.connection.execute
        cards = count("SELECT count(*) FROM cards WHERE active = 1").fetchone()[0]
        old = sum(due.due_by_deck(self.store.connection, self.today).values())
        new = sum(due.new_by_deck(self.store.connection, self.today).values())
        away = latest_break(self.store)
        end = away.end if away and away.runs(self.day) else None
        chosen = bool(self.request.text()) or self.request.files is not None
        return Waiting(cards, old, new, chosen, end, not self.vault.shares()(self.day), self._unknown())

    def _unknown(self) -> tuple[str, str]:
        """The first of the deck and the tag asked for that no card here has."""
        for field in ("deck", "tag"):
            if (name := getattr(self.request, field)) and not fitting(self.store, Request(**{field: name}), self.today):
                return field, name
        return "", ""

    def summary(self) -> Summary:
        """The session so far, in figures; also after `finish`."""
        if self._summary is not None:
            return self._summary
        first = [graded for graded in self.graded if graded.first_today and graded.card.due is not None]
        recalled = sum(graded.rating > 1 for graded in first)
        week = [self.day + timedelta(days=ahead) for ahead in range(1, 8)]
        coming = due.due_between(self.store.connection, week[0].isoformat(), week[-1].isoformat())
        returning = tuple((day, coming.get(day.isoformat(), 0)) for day in week)
        return Summary(
            reviewed=len(self.graded),
            again=sum(graded.rating == 1 for graded in self.graded),
            retention=recalled / len(first) if first else None,
            seconds=round((self.clock() - self.started).total_seconds()),
            tomorrow=sum(due.due_by_deck(self.store.connection, week[0].isoformat()).values()),
            returning=returning,
        )

    def finish(self) -> tuple[Problem, ...]:
        """Write review values back into the notes, release the vault; what could not be written. Safe to repeat."""
        problems: list[Problem] = []
        if self._summary is None:
            self._summary = self.summary()
            if self._reviewed and self.vault.settings.notes.write_back == "session":
                from studykit.study.syncing.write_back import write_back

                problems = write_back(self.vault, self.store, self._reviewed)[1]
            self._look_ahead()
            self._held.close()
        return tuple(problems)

    def _queue_for(self, request: Request) -> list[CardRow]:
        return todays_queue(self.vault, self.store, request, self.day, self._habits())

    def _habits(self) -> Habits:
        if self._known_habits is None:
            self._known_habits = habits_of(self.store)
        return self._known_habits

    def _look_ahead(self) -> None:
        """Status bars and reminders learn what is left; a disk that refuses that spoils no session."""
        from studykit.study.planning.days_ahead import renew

        with suppress(OSError):
            renew(self.vault, self.store, self.clock())

    def _front(self) -> CardRow:
        if not self.queue:
            raise NotFoundError(_("No card is left in this session."))
        return self.queue[0]

    def _keep(self, made: list[events.Event]) -> None:
        keep(self.vault, self.store, self.log, made)

    def _leave_front(self) -> None:
        self.queue.pop(0)
        self._ask_first()

    def _return_later(self, card: CardRow) -> None:
        fresh = card if self.request.cram else select_cards(self.store, "id = ?", (card.id,))[0]
        self.queue.insert(min(RETURN_AFTER, len(self.queue)), fresh)

    def _ask_first(self) -> None:
        """Make the question of the card now in front."""
        self._choices, self._ask, self.question = (), None, None
        while self.queue and self.question is None:
            card = self.queue[0]
            try:
                self._ask = self._numbers(card) if card.rule == "quiz" else None
            except Exception:  # a quiz block that no longer draws is reported by sync; the session goes on without it
                self.queue.pop(0)
                continue
            self.question = self._question(card)

    def _numbers(self, card: CardRow) -> "NumericAsk":
        from studykit.study.sessions.numeric import ask_numbers

        return ask_numbers(card, self.today)

    def _question(self, card: CardRow) -> Question:
        ask = self._ask
        return Question(
            card=card.id,
            kind=card.kind,
            rule=card.rule,
            prompt=ask.prompt if ask else card.prompt,
            context=card.context,
            deck=card.deck,
            title=card.title,
            file=card.file,
            line=card.line,
            is_new=card.due is None,
            flagged=bool(card.flagged),
            lapses=card.lapses,
            calculator=ask.calculator if ask else None,
            inputs=ask.inputs if ask else None,
            outputs=ask.outputs if ask else (),
        )
