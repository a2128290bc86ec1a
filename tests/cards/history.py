"""A vault with a history whose truth is known: every card has a serial number that no edit changes.

`Writer` keeps notes as lists of question sections, edits them the way people do, and renders them as Markdown;
`truth` says on which line of which file each card stands.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

ZH = (
    "流水线", "气泡", "显存", "调度", "张量", "梯度", "缓存", "内核", "线程块", "寄存器", "带宽", "延迟", "吞吐量",
    "微批次", "激活值", "量化", "参数", "通信", "同步", "异步", "分片", "权重", "优化器", "注意力", "解码", "预填充",
    "专家", "路由", "副本", "负载", "拓扑", "缓冲区", "指针", "析构函数", "虚函数", "模板", "互斥锁", "条件变量",
    "原子操作", "页表",
)  # fmt: skip
EN = (
    "pipeline", "bubble", "memory", "schedule", "tensor", "gradient", "cache", "kernel", "warp", "register",
    "bandwidth", "latency", "throughput", "microbatch", "activation", "quantisation", "parameter", "collective",
    "barrier", "stream", "shard", "weight", "optimizer", "attention", "decode", "prefill", "expert", "router",
    "replica", "balance", "topology", "buffer", "pointer", "destructor", "vtable", "template", "mutex", "semaphore",
    "atomic", "page",
)  # fmt: skip
ZH_VERBS = (
    "决定", "限制", "隐藏", "增加", "减少", "覆盖", "拆分", "合并", "复用", "等待", "触发", "避免", "依赖", "抵消",
    "放大",
)  # fmt: skip
EN_VERBS = (
    "limits", "hides", "raises", "lowers", "overlaps", "splits", "merges", "reuses", "awaits", "triggers", "avoids",
    "needs", "offsets", "scales",
)  # fmt: skip
ZH_ASKS = (
    "什么是{a}的{b}？", "为什么{a}会影响{b}？", "如何用{a}减少{b}？", "{a}和{b}有什么区别？", "{a}的{b}如何计算？",
    "为什么这样可行？",
)  # fmt: skip
EN_ASKS = (
    "What is the {b} of a {a}?", "Why does a {a} slow the {b}?", "How do you size a {a} for its {b}?",
    "When is a {a} better than a {b}?", "What does the {a} cost in {b}?", "Why does this work?",
)  # fmt: skip
ZH_SENTENCES = (
    "{a}{v}{b}，{c}为 {n} 时{w}{a}。", "当{a}超过 {n} 个，{b}才会{v}{c}。", "{b}{w}{c}；没有{a}就只剩 {n}%。",
    "先由{a}{v}{b}，再把结果交给{c}。", "**{a}**：{n} 份{b}，每份{v}一次{c}。", "如果{c}不足，{a}与{b}只能轮流{v}。",
)  # fmt: skip
EN_SENTENCES = (
    "The {a} {v} the {b} once {n} {c}s wait.", "With {n} of them, a {b} {w} every {c} but one.",
    "No {a} helps here: the {c} {v} its own {b}.", "**{a}**: {n} {b}s, each of which {v} one {c}.",
    "First the {b} {v} a {a}; later that {c} {w} {n} others.",
    "A shared {c} and {n} private {b}s cost less than any {a}.",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One question with its answer, as a list of sentences. `serial` is the truth; `form` varies only the writing."""

    serial: int
    question: str
    sentences: tuple[str, ...]
    chinese: bool
    form: int = 0

    def heading(self, number: int) -> str:
        """The question as a heading; forms differ in numbering, emphasis and width only."""
        forms = (
            self.question,
            f"{number}. {self.question}",
            f"**{self.question}**",
            self.question.replace("?", "？") if self.form == 3 else self.question,
            f"Q{number}: {self.question}",
        )
        return forms[self.form % len(forms)]

    def body(self) -> str:
        if len(self.sentences) > 3:
            return self.sentences[0] + "\n\n" + "\n".join(f"- {text}" for text in self.sentences[1:])
        return ("" if self.chinese else " ").join(self.sentences)


@dataclass
class Writer:
    """A vault in the making: `notes` maps paths to sections, `bin` keeps what was deleted."""

    seed: int
    notes: dict[str, list[Section]] = field(default_factory=dict)
    bin: list[tuple[str, list[Section]]] = field(default_factory=list)
    last_serial: int = 0
    last_note: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        for _ in range(40):
            self.new_note()

    # --- text

    def sentence(self, chinese: bool) -> str:
        terms, verbs, forms = (ZH, ZH_VERBS, ZH_SENTENCES) if chinese else (EN, EN_VERBS, EN_SENTENCES)
        a, b, c = self.random.sample(terms, 3)
        v, w = self.random.sample(verbs, 2)
        return self.random.choice(forms).format(a=a, b=b, c=c, v=v, w=w, n=self.random.randint(2, 99))

    def section(self) -> Section:
        self.last_serial += 1
        chinese = self.random.random() < 0.6
        terms, asks = (ZH, ZH_ASKS) if chinese else (EN, EN_ASKS)
        a, b = self.random.sample(terms, 2)
        question = self.random.choice(asks).format(a=a, b=b)
        count = self.random.choice((1, 2, 2, 3, 4, 6))
        return Section(self.last_serial, question, tuple(self.sentence(chinese) for _ in range(count)), chinese)

    def render(self, path: str) -> str:
        parts = [f"# {path.rpartition('/')[2].removesuffix('.md')}", ""]
        for number, section in enumerate(self.notes[path], 1):
            parts += [f"## {section.heading(number)}", "", section.body(), ""]
        return "\n".join(parts)

    def truth(self) -> dict[tuple[str, int], int]:
        """The serial of the card on each (file, line)."""
        places: dict[tuple[str, int], int] = {}
        for path, sections in self.notes.items():
            line = 3
            for section in sections:
                places[path, line] = section.serial
                line += section.body().count("\n") + 4
        return places

    # --- edits

    def new_path(self) -> str:
        self.last_note += 1
        return f"{self.random.choice(('cuda', 'C++', '推理/并行', 'notes'))}/note {self.last_note}.md"

    def new_note(self) -> None:
        self.notes[self.new_path()] = [self.section() for _ in range(self.random.randint(2, 8))]

    def any_note(self) -> str:
        return self.random.choice(sorted(self.notes))

    def change(self, edit: Callable[[Section], Section]) -> None:
        path = self.any_note()
        if sections := self.notes[path]:
            place = self.random.randrange(len(sections))
            sections[place] = edit(sections[place])

    def write_differently(self) -> None:
        self.change(lambda section: replace(section, form=self.random.randrange(5)))

    def fix_question(self) -> None:
        self.change(lambda section: replace(section, question=self.slipped(section.question)))

    def reword_question(self) -> None:
        """The same subject asked otherwise; the answer stays."""
        self.change(
            lambda s: replace(
                s, question=("请说明" if s.chinese else "Explain: ") + s.question.replace("为什么", "为何")
            )
        )

    def slipped(self, text: str) -> str:
        place = self.random.randrange(1, len(text) - 1)
        return text[:place] + self.random.choice(("", text[place] * 2, "的", "e")) + text[place + 1 :]

    def edit_answer(self) -> None:
        def edit(section: Section) -> Section:
            sentences = list(section.sentences)
            place = self.random.randrange(len(sentences))
            choice = self.random.random()
            if choice < 0.4:
                sentences[place] = self.slipped(sentences[place])
            elif choice < 0.8 or len(sentences) < 3:
                sentences.insert(place, self.sentence(section.chinese))
            else:
                del sentences[place]
            return replace(section, sentences=tuple(sentences))

        self.change(edit)

    def add_section(self) -> None:
        sections = self.notes[self.any_note()]
        sections.insert(self.random.randint(0, len(sections)), self.section())

    def remove_section(self) -> None:
        path = self.any_note()
        if len(self.notes[path]) > 1:
            place = self.random.randrange(len(self.notes[path]))
            self.bin.append((path, [self.notes[path].pop(place)]))

    def move_section(self) -> None:
        source, target = self.any_note(), self.any_note()
        if source != target and len(self.notes[source]) > 1:
            section = self.notes[source].pop(self.random.randrange(len(self.notes[source])))
            self.notes[target].append(section)

    def copy_section(self) -> None:
        """A copy to be adapted is a new card; the original stays what it was."""
        source, target = self.any_note(), self.any_note()
        if source != target and self.notes[source]:
            self.last_serial += 1
            original = self.random.choice(self.notes[source])
            sentences = (self.sentence(original.chinese), *original.sentences[1:])
            self.notes[target].append(replace(original, serial=self.last_serial, sentences=sentences))

    def rename_note(self) -> None:
        self.notes[self.new_path()] = self.notes.pop(self.any_note())

    def split_note(self) -> None:
        path = self.any_note()
        sections = self.notes[path]
        if len(sections) > 3:
            cut = self.random.randint(1, len(sections) - 1)
            self.notes[path], self.notes[self.new_path()] = sections[:cut], sections[cut:]

    def merge_notes(self) -> None:
        one, other = self.any_note(), self.any_note()
        if one != other and len(self.notes) > 10:
            self.notes[one] += self.notes.pop(other)

    def delete_note(self) -> None:
        if len(self.notes) > 10:
            path = self.any_note()
            self.bin.append((path, self.notes.pop(path)))

    def restore(self) -> None:
        """What was deleted comes back, where it was or in a note of its own."""
        if self.bin:
            path, sections = self.bin.pop(self.random.randrange(len(self.bin)))
            self.notes.setdefault(path if self.random.random() < 0.7 else self.new_path(), []).extend(sections)

    def commit(self) -> None:
        """A few edits between two syncs."""
        edits = (
            (self.edit_answer, 10), (self.fix_question, 5), (self.reword_question, 2), (self.write_differently, 4),
            (self.add_section, 4), (self.new_note, 1), (self.move_section, 3), (self.remove_section, 2),
            (self.copy_section, 1), (self.rename_note, 2), (self.split_note, 1), (self.merge_notes, 1),
            (self.delete_note, 1), (self.restore, 3),
        )  # fmt: skip
        chosen = self.random.choices([edit for edit, _ in edits], [weight for _, weight in edits], k=4)
        for edit in chosen:
            edit()


@dataclass
class MarkedWriter(Writer):
    """The same vault as people write it for Spaced Repetition: pairs, pairs asked both ways, several lines, gaps."""

    def render(self, path: str) -> str:
        return "#flashcards\n\n" + "".join(f"{self.marked(section)}\n\n" for section in self.notes[path])

    def truth(self) -> dict[tuple[str, int], int]:
        places: dict[tuple[str, int], int] = {}
        for path, sections in self.notes.items():
            line = 3
            for section in sections:
                places[path, line] = section.serial
                line += self.marked(section).count("\n") + 2
        return places

    def marked(self, section: Section) -> str:
        question = (section.question, f"**{section.question}**", section.question.replace("?", "？"))[section.form % 3]
        said = [sentence.replace("**", "") for sentence in section.sentences]
        text = " ".join(said)
        forms = (
            f"{question}::{text}",
            f"{question}:::{text}",
            "\n".join([question, "?", *said]),
            f"{question} =={text[: len(text) // 2]}=={text[len(text) // 2 :]} ==and more==",
        )
        return forms[section.serial % len(forms)]
