"""A card made on a screen, kept as a quiz block in a note of its own: plain Markdown, to be moved where it belongs."""

import os

from studykit import places
from studykit.errors import VaultError
from studykit.locale import _
from studykit.study.vault import open_vault
from studykit.vault.rewrite import read_bytes, replace_file

INBOX = "studykit-cards.md"


def keep_block(block: str) -> str:
    """Append a quiz block to the known vault's inbox note, made if need be; the note's path.

    The same block is kept once. Raises VaultError when no vault is known or its folder cannot be written.
    """
    path = os.path.join(open_vault(None).root, INBOX)
    if not os.path.exists(path):
        title = _("Cards made with a calculator")
        try:
            places.write_whole(path, f"# {title}\n\n{block}".encode())
        except OSError as error:
            raise VaultError(
                _("{file} cannot be written: {why}.").format(file=path, why=error.strerror), _("Check the folder.")
            ) from error
        return path
    data, seen = read_bytes(path)
    if block.encode() in data:
        return path
    gap = b"\n" if data.endswith(b"\n") else b"\n\n"
    if not replace_file(path, data + gap + block.encode(), seen):
        raise VaultError(_("{file} is being changed by another program.").format(file=path), _("Try again."))
    return path
