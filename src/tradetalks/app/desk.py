"""The case on the desk: its folder is the state. Nothing is kept that the folder does not say."""

from __future__ import annotations

import secrets
import shutil
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import unified_diff
from importlib.resources import as_file, files
from pathlib import Path
from threading import RLock

from tradetalks.ground.errors import BadInput, TradetalksError
from tradetalks.ground.files import read_text, write_atomic
from tradetalks.value.case import Case, load_case, shipped_cases

#: The files of a case that the app writes.
WRITTEN = ("case.yaml", "record.yaml")

#: Versions whose text is kept, so that a conflict can show what changed; and steps that can be undone.
VERSIONS, STEPS = 32, 50


class Conflict(TradetalksError):
    """The folder is no longer what the page showed; nothing was written."""

    def __init__(self, sentence: str, changes: str) -> None:
        super().__init__(sentence)
        self.changes = changes
        """What differs, as a unified diff."""


@dataclass(frozen=True)
class Step:
    """One edit, and what undoes it."""

    what: str
    file: str
    before: str | None
    """Text of the file; None where there was none."""
    after: str


@dataclass
class Desk:
    """A case, shipped or in a folder, and the edits made to it here."""

    reference: str
    """Name of a shipped case, or a folder."""
    home: Path
    """Where the copy of a shipped case goes."""
    _steps: list[Step] = field(default_factory=list, init=False)
    _texts: OrderedDict[str, dict[str, str]] = field(default_factory=OrderedDict, init=False)
    _last: tuple[tuple[object, ...], Case] | None = field(default=None, init=False)
    _lock: RLock = field(default_factory=RLock, init=False)

    @property
    def folder(self) -> Path | None:
        """The case's folder; None while it is a shipped one that nobody has edited."""
        path = Path(self.reference)
        return path if path.is_dir() else None

    @property
    def undoable(self) -> str | None:
        """What the next undo takes back."""
        return self._steps[-1].what if self._steps else None

    def look(self) -> Case:
        """Return the case as it is on disk now.

        Raises:
            BadInput: it cannot be read, or is wrong.
        """
        with self._lock:
            stamp = self._stamp()
            if self._last is not None and self._last[0] == stamp:
                return self._last[1]
            case = load_case(self.reference)
            self._last = (stamp, case)
            if case.hash not in self._texts:
                self._texts[case.hash] = self._read()
                while len(self._texts) > VERSIONS:
                    self._texts.popitem(last=False)
            return case

    def unchanged(self, case: Case) -> bool:
        """Return whether ``case`` is what was last read here, and no file of it has changed since."""
        if self._last is None or self._last[0] != self._stamp():
            return False
        return (self._last[1].hash, self._last[1].folder) == (case.hash, case.folder)

    def edit(self, seen: str, what: str, file: str, change: Callable[[str | None], str]) -> Case:
        """Write what ``change`` makes of the text of ``file`` and return the new case.

        A shipped case is first copied to a folder of its name; that the result reads as a case is tried before
        anything is replaced.

        Args:
            seen: hash of the case that the page showed.
            what: the edit in words, for undo.
            file: ``case.yaml`` or ``record.yaml``.
            change: from the text (None where there is no file) to the new one.

        Raises:
            Conflict: the folder has changed since.
            BadInput: the edit is wrong, or the folder cannot be written. Nothing was written then.
        """
        with self._lock:
            self._unchanged(seen)
            before = self._read().get(file)
            after = change(before)
            folder = self.folder or self._copied()
            self._tried(folder, file, after)
            write_atomic(folder / file, after)
            self.reference = str(folder)
            self._steps = [*self._steps, Step(what, file, before, after)][-STEPS:]
            return self.look()

    def undo(self, seen: str) -> str:
        """Take the last edit back and return what it was.

        Raises:
            Conflict: the file has changed since that edit.
            BadInput: there is nothing to undo.
        """
        with self._lock:
            if not self._steps:
                raise BadInput("there is nothing to undo")
            step = self._steps[-1]
            now = self._read().get(step.file)
            if now != step.after:
                raise Conflict(
                    f"{step.file} was changed on disk after this edit ({step.what}); nothing was undone",
                    _difference(step.file, step.after, now or "", "as the edit left it"),
                )
            self._unchanged(seen)
            path = Path(self.reference) / step.file
            if step.before is None:
                path.unlink()
            else:
                write_atomic(path, step.before)
            self._steps.pop()
            return step.what

    def _stamp(self) -> tuple[object, ...]:
        """Return what changes whenever a file of the case does; reading them all for every move would take longest."""
        folder = self.folder
        if folder is None:
            return (self.reference,)
        paths = [folder / file for file in WRITTEN] + sorted((folder / "law").rglob("*"))
        known = [(path, path.stat()) for path in paths if path.is_file()]
        return (folder, *((str(path), one.st_mtime_ns, one.st_size, one.st_ino) for path, one in known))

    def _unchanged(self, seen: str) -> None:
        case = self.look()
        if case.hash == seen:
            return
        was, now = self._texts.get(seen), self._texts[case.hash]
        changes = (
            ""
            if was is None
            else "\n".join(_difference(file, was.get(file, ""), now.get(file, "")) for file in WRITTEN).strip()
        )
        raise Conflict("The case was changed on disk after this page was made; nothing was overwritten", changes)

    def _read(self) -> dict[str, str]:
        folder = self.folder
        if folder is None:
            with as_file(files("tradetalks.value") / "cases" / self.reference) as shipped:
                return {file: read_text(shipped / file) for file in WRITTEN if (shipped / file).is_file()}
        return {file: read_text(folder / file) for file in WRITTEN if (folder / file).is_file()}

    def _copied(self) -> Path:
        """Copy the shipped case to a folder of its name and return that."""
        assert self.reference in shipped_cases()
        target = self.home / self.reference
        if target.exists() or target.is_symlink():
            raise BadInput(
                f"{target.name}: a folder of this name is already where the copy of the shipped case would go; open it "
                f"instead (tradetalks serve ./{target.name}), or move it"
            )
        part = self.home / f".{secrets.token_hex(8)}.part"
        try:
            with as_file(files("tradetalks.value") / "cases" / self.reference) as shipped:
                shutil.copytree(shipped, part, copy_function=shutil.copyfile)
            part.chmod(0o755)
            part.rename(target)
        except OSError as error:
            raise BadInput(f"{target.name}: the case cannot be copied here ({error.strerror or error})") from None
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return target

    def _tried(self, folder: Path, file: str, text: str) -> None:
        """Read the case with ``text`` in place of ``file``, in a folder that goes again.

        Raises:
            BadInput: it would not be a case.
        """
        from tradetalks.record.ledger import ledger

        trial = folder.parent / f".{secrets.token_hex(8)}.part"
        try:
            trial.mkdir()
            for name, content in {**self._read(), file: text}.items():
                (trial / name).write_text(content, encoding="utf-8")
            case = load_case(str(trial))
            ledger(None, trial, case.parties)
        except OSError as error:
            raise BadInput(f"the folder of the case cannot be written ({error.strerror or error})") from None
        except BadInput as error:
            raise BadInput(str(error).replace(f"{trial}/", "")) from None
        finally:
            shutil.rmtree(trial, ignore_errors=True)


def _difference(file: str, was: str, now: str, before: str = "as the page had it") -> str:
    lines = unified_diff(was.splitlines(), now.splitlines(), f"{file} {before}", f"{file} on disk", "", "", 2)
    return "\n".join(line.rstrip() for line in lines)
