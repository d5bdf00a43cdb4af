"""`screenshot`: pictures into files, and the document that says what is in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from miniprogram.files import write_atomic
from miniprogram.models import CamelModel
from miniprogram.packages.bundle import Bundle
from miniprogram.pictures.shots import file_name
from miniprogram.seams.screen_painter import Picture, Theme


class SavedPicture(CamelModel):
    """A picture. `width` and `height` are logical pixels; the file has `scale` pixels for each."""

    screen_id: str
    theme: Theme
    width: int
    height: int
    scale: int
    path: str
    sha256: str
    """Lower-case hex, of the file."""
    remarks: tuple[str, ...]
    """Sentences about what is not in the picture as it should be."""


class SavedPictures(CamelModel):
    """The pictures of one version, in the order in which they were taken."""

    schema_version: int = 1
    command: str = "screenshot"
    mini_program_id: str
    version: str
    pictures: tuple[SavedPicture, ...]


def save_pictures(bundle: Bundle, pictures: Iterable[Picture], output: Path) -> SavedPictures:
    """Write each picture as it comes: into the folder `output`, or as `output` itself when that ends in .png.

    Raises MiniProgramError when a file cannot be written.
    """
    saved = []
    for picture in pictures:
        path = output if is_file(output) else output / file_name(picture.shot)
        write_atomic(path, picture.png)
        shot = picture.shot
        saved.append(
            SavedPicture(
                screen_id=shot.screen_id,
                theme=shot.theme,
                width=shot.width,
                height=shot.height,
                scale=shot.scale,
                path=str(path),
                sha256=hashlib.sha256(picture.png).hexdigest(),
                remarks=picture.remarks,
            )
        )
    return SavedPictures(mini_program_id=bundle.program_id, version=bundle.version, pictures=tuple(saved))


def is_file(output: Path) -> bool:
    """Whether `output` names one picture, and not a folder for several."""
    return output.suffix.lower() == ".png"
