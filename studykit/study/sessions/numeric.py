"""Questions whose numbers change: a quiz block, this review's draw, and the judging of what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studykit.locale import _

if TYPE_CHECKING:  # a list of cards has one numeric card in a hundred: it need not wait for what judges answers
    from studykit.calculators.answer import Judgement
    from studykit.calculators.declare import Calculator, Inputs
    from studykit.store.cards import CardRow


@dataclass(frozen=True, slots=True)
class NumericAsk:
    """One numeric question with its numbers drawn. `outputs` are the names of what is asked, in order."""

    prompt: str
    declared: Calculator
    inputs: Inputs
    outputs: tuple[str, ...]
    tolerance: Any = None
    why: str = ""

    @property
    def calculator(self) -> str:
        return self.declared.name

    def judge(self, typed: str, *, hinted: bool = False, seconds: float | None = None) -> Judgement:
        """`typed` against what is asked, with this calculator's slips; several answers are parted by `;`."""
        from studykit.calculators.checking import judge_outputs, together

        tried = judge_outputs(
            self.declared, self.inputs, self.outputs, typed, tolerance=self.tolerance, hinted=hinted, seconds=seconds
        )
        return together(tried)

    def steps(self) -> tuple[str, ...]:
        """The way to the figures, a line each."""
        return tuple(self.declared.steps(self.inputs))

    def answer(self) -> str:
        """The figures asked for and the way to them, as Markdown."""
        values = self.declared.compute(self.inputs).values
        lines = [f"**{figure(self.declared, name, values[name])}**" for name in self.outputs]
        lines += [f"- {step}" for step in self.steps()]
        return "\n\n".join([lines[0], "\n".join(lines[1:]), self.why]).strip()


def figure(calculator: Calculator, output: str, value: Any) -> str:
    """An output's name and value as a person reads them."""
    from studykit.calculators.figures import shown

    declared = calculator.output(output)
    return _("{name}: {value}").format(
        name=declared.describe(), value=shown(value, declared.unit, percent=declared.percent)
    )


def ask_numbers(card: CardRow, today: str) -> NumericAsk:
    """The question of a quiz card as it is asked on `today`.

    Numbers are drawn from the card's id and the count of days on which it was reviewed before, so that a second
    try on the same day shows the same ones. Raises StudyError where the block cannot be drawn from.
    """
    repetition = card.days - (1 if card.last == today else 0)
    return draw_numbers(card, max(repetition, 0))


def draw_numbers(card: CardRow, repetition: int) -> NumericAsk:
    """The question of a quiz card at a repetition, counted from 0."""
    from studykit.calculators.declare import get
    from studykit.calculators.quiz import draw, parse_quiz, question

    quiz = parse_quiz(card.answer)
    inputs = draw(quiz, card.id, repetition)
    return NumericAsk(
        prompt=question(quiz, inputs),
        declared=get(quiz.calculator),
        inputs=inputs,
        outputs=quiz.answers,
        tolerance=quiz.tolerance,
        why=quiz.why,
    )
