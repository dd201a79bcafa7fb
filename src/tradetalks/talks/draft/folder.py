"""Writing a new case: the whole folder or nothing, read back before anybody sees it, never over another."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import write_atomic
from tradetalks.record.ledger import ledger
from tradetalks.talks.draft.draft import Draft
from tradetalks.talks.draft.page import case_text, record_text
from tradetalks.value.case import Case, load_case, shipped_cases


def check_free(folder: Path) -> None:
    """Check that a case can be made at ``folder``.

    Raises:
        BadInput: something of that name exists, it is the name of a shipped case, or its parent is no folder.
    """
    if not folder.name or folder.name in (".", ".."):
        raise BadInput(f"CASE: {str(folder)!r} names no new folder; write a name, such as my-case")
    try:
        there = folder.exists() or folder.is_symlink()
    except OSError as error:
        raise BadInput(f"{folder}: cannot be written ({error.strerror or error})") from None
    if there:
        raise BadInput(f"{folder}: there is something of that name already; choose another, or remove it first")
    if folder.name in shipped_cases():
        raise BadInput(f"CASE: {folder.name} is the name of a case that ships; choose another")
    if not folder.parent.is_dir():
        raise BadInput(f"{folder}: the folder {folder.parent} does not exist")


def write_case(draft: Draft, folder: Path) -> Case:
    """Write ``draft`` to the new ``folder`` and return the case as it reads.

    Raises:
        BadInput: the folder exists or cannot be made. Nothing is left behind.
    """
    check_free(folder)
    part = folder.with_name(f".{secrets.token_hex(8)}.part")
    try:
        part.mkdir()
        write_atomic(part / "case.yaml", case_text(draft, folder.name))
        write_atomic(part / "record.yaml", record_text(draft))
        load_case(str(part))
        ledger(draft.as_of, part, draft.parties)
        check_free(folder)
        part.rename(folder)
    except PermissionError:
        raise BadInput(f"{folder}: no permission to write in {folder.parent.resolve()}") from None
    except OSError as error:
        raise BadInput(f"{folder}: cannot be written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return load_case(str(folder))
