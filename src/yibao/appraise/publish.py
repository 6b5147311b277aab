"""The documents of a year written to a folder: forms as workbooks, figures.xlsx, and what other writers hand in.

Nothing is written while something keeps the year from being published, unless as a draft: then every file says 草稿.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.earlier import cleared, digest_of, earlier_files
from yibao.appraise.figures_book import Written, figures_workbook
from yibao.appraise.folder import ROOT
from yibao.appraise.forms.attachments import Attachment, attachments
from yibao.appraise.forms.xlsx import DRAFT, placed, workbook
from yibao.appraise.printed import Printed
from yibao.appraise.report.pdf import write_pdfs
from yibao.errors import UserError
from yibao.vocabulary.ledger import NAME

OUT = "out"  #: where documents go unless told otherwise, beside figures/

Lines = Callable[
    [Path], Sequence[str]
]  #: the lines with a number of a file just written, as the proofreader reads them
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Document:
    """A finished file: its name without 草稿, and the figures that it prints."""

    name: str
    content: bytes
    printed: tuple[Printed, ...] = ()


def blocking(appraisal: Appraisal) -> tuple[str, ...]:
    """What keeps the year from being published: owed reasons, and figures that a form must not leave blank."""
    return (*appraisal.blocking, *_missing(attachments(appraisal)))


def _missing(found: Sequence[Attachment]) -> Iterator[str]:
    for attachment in found:
        for form in attachment.forms:
            for key in form.missing:
                where = f"附件{attachment.number}" if attachment.number else ""
                yield f"{where}“{form.title}”缺少“{key.name}”，请在数据里补上"


def refusal(reasons: Sequence[str]) -> str:
    """Why nothing was written, and what to do."""
    told = f"有 {len(reasons)} 个问题妨碍公开，没有写出文件。请补正后再运行，或加 --draft 先出草稿：\n"
    return told + "\n".join(f"  · {reason}" for reason in reasons)


def forms_documents(appraisal: Appraisal, *, draft: bool = False) -> list[Document]:
    """The forms of the year as workbooks, in the order of the attachments."""
    made = []
    for attachment in attachments(appraisal):
        for file, label, forms in attachment.files:
            name = f"{file}.xlsx"
            places = tuple(
                Printed(key, marked(name, draft), at.place) for at in placed(forms) for key in at.cell.prints
            )
            made.append(Document(name, workbook(forms, label, draft=draft), places))
    return made


def marked(name: str, draft: bool) -> str:
    """The name of a file, marked where it is a draft.

    >>> marked("附件1-基础数据表.xlsx", True)
    '附件1-基础数据表（草稿）.xlsx'
    """
    stem, dot, ending = name.rpartition(".")
    return f"{stem}（{DRAFT}）{dot}{ending}" if draft else name


def publish(
    appraisal: Appraisal,
    folder: Path,
    *,
    draft: bool = False,
    more: Sequence[Document] = (),
    pdf: bool = False,
    lines: Lines | None = None,
    tell: Tell = lambda sentence: None,
) -> tuple[Path, ...]:
    """Write everything into `folder`, the ledger last: `more` are documents of other writers. The paths written, in order.

    What an earlier run wrote and this one does not is removed, and told. UserError where a file cannot be written, and
    where the year is not fit to be published and no draft is asked for.
    """
    if (reasons := blocking(appraisal)) and not draft:
        raise UserError(refusal(reasons))
    earlier = earlier_files(folder, draft=draft)
    documents = [*more, *forms_documents(appraisal, draft=draft)]
    paths = write_documents(documents, folder, draft=draft)
    paths += write_pdfs([path for path in paths if path.suffix == ".docx"]) if pdf else []
    files = [_recorded(path, lines) for path in paths]
    places = [place for document in documents for place in document.printed]
    ledger = figures_workbook(appraisal, places, files, draft=draft)
    paths.append(_written(folder, marked(NAME, draft), ledger))
    for sentence in cleared(folder, earlier, keep=[path.name for path in paths]):
        tell(sentence)
    return tuple(paths)


def write_documents(documents: Sequence[Document], folder: Path, *, draft: bool = False) -> list[Path]:
    """The documents alone, in order; UserError where one cannot be written."""
    return [_written(folder, marked(document.name, draft), document.content) for document in documents]


def _recorded(path: Path, lines: Lines | None) -> Written:
    """What the ledger keeps of a file; a .pdf says what its .docx says."""
    printed = () if lines is None or path.suffix == ".pdf" else tuple(lines(path))
    return Written(path.name, digest_of(path), printed)


def target(year: Path, out: str | None) -> Path:
    """The folder to write to, made where there is none; UserError for one that is no folder or holds the inputs."""
    folder = Path(out) if out is not None else year / OUT
    inputs = (year / ROOT).resolve()
    if folder.resolve() == inputs or inputs in folder.resolve().parents:
        raise UserError(f"文件不能写到填报的数“{folder}”里面，请换一个文件夹。")
    if folder.exists() and not folder.is_dir():
        raise UserError(f"--out 后面应是文件夹，“{folder}”是文件。")
    return folder


def _written(folder: Path, name: str, content: bytes) -> Path:
    """A file replaced in one step: whoever looks sees the old one or the new one."""
    path, half = folder / name, folder / f".{NAME}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise UserError(
            f"无法写入“{path}”（{error.strerror}）：可能正被别的程序打开，或没有写入权限。请关闭后再试，或换一个位置。"
        ) from error
    return path
