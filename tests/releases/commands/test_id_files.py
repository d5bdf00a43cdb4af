"""Files of ids as spreadsheets write them: read for what they mean, or refused with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram.refusals import Unacceptable
from miniprogram.releases.commands.id_files import read_ids

IDS = ["0012", "ann@example.com", "b-2"]
READ = {
    "lines": ("ids.txt", b"0012\nann@example.com\nb-2\n", None),
    "no end": ("ids.txt", b"0012\nann@example.com\nb-2", None),
    "mark": ("ids.txt", "\ufeff0012\nann@example.com\nb-2\n".encode(), None),
    "windows": ("ids.txt", b"0012\r\nann@example.com\r\n\r\nb-2\r\n", None),
    "old mac": ("ids.txt", b"0012\rann@example.com\rb-2\r", None),
    "comments": ("ids.txt", b"# people\n0012\n  ann@example.com \n#x\nb-2\n", None),
    "quoted lines": ("ids.txt", b'"0012"\n"ann@example.com"\n"b-2"\n', None),
    "utf-16": ("ids.txt", "0012\r\nann@example.com\r\nb-2\r\n".encode("utf-16"), None),
    "big endian": ("ids.csv", b"\xfe\xff" + "id\n0012\nann@example.com\nb-2\n".encode("utf-16-be"), None),
    "one column": ("ids.csv", b"0012\nann@example.com\nb-2\n", None),
    "header": ("ids.csv", b"User ID\n0012\nann@example.com\nb-2\n", None),
    "marked header": ("ids.csv", "\ufeffuser_id,name\n0012,A\nann@example.com,B\nb-2,C\n".encode(), None),
    "semicolons": ("ids.csv", b"userId;name\n0012;A\nann@example.com;B\nb-2;C\n", None),
    "semicolons and commas": ("ids.csv", b'id;name\n0012;"A, B"\nann@example.com;B, C\nb-2;C\n', None),
    "tabs": ("ids.txt", b"id\tname\n0012\tA\nann@example.com\tB\nb-2\tC\n", None),
    "unicode text": ("ids.txt", "id\tname\r\n0012\tA\r\nann@example.com\t\r\nb-2\tC\r\n".encode("utf-16"), None),
    "sep line": ("ids.csv", b"sep=;\r\nid;name\r\n0012;A\r\nann@example.com;B\r\nb-2;C\r\n", None),
    "quotes": ("ids.csv", b'"id","name"\n"0012","A ""x"""\n"ann@example.com","B\nC"\n"b-2",""\n', None),
    "formula text": ("ids.csv", b'id\n="0012"\nann@example.com\nb-2\n', None),
    "by name": ("ids.csv", b"name,E-Mail\nA,0012\nB,ann@example.com\nC,b-2\n", "email"),
    "by number": ("ids.csv", b"A,0012\nB,ann@example.com\nC,b-2\n", "2"),
    "blank rows": ("ids.csv", b"id,name\n0012,A\n,\n\nann@example.com,B\n,no id\nb-2,C\n", None),
    "column of a text file": ("ids.txt", b"name;id\nA;0012\nB;ann@example.com\nC;b-2\n", "id"),
}


@pytest.mark.parametrize(("name", "body", "column"), READ.values(), ids=READ)
def test_what_spreadsheets_write_is_read(tmp_path: Path, name: str, body: bytes, column: str | None) -> None:
    (tmp_path / name).write_bytes(body)

    assert list(read_ids(tmp_path / name, column=column)) == IDS


REFUSED = {
    "shortened": ("ids.csv", b"id\n0012\n1.23E+15\n", None, "line 3.*shortened"),
    "shortened elsewhere": ("ids.csv", b"id\n1,23E+15\n", None, "cells|shortened"),
    "shortened in lines": ("ids.txt", b"4E+12\n", None, "line 1.*shortened"),
    "error text": ("ids.csv", b"id\n#N/A\n", None, "line 2"),
    "error in lines": ("ids.txt", b"ann\n#REF!\n", None, "line 2"),
    "too narrow": ("ids.txt", b"########\n", None, "line 1"),
    "formula": ("ids.csv", b"id\n=A1\n", None, "line 2"),
    "workbook": ("ids.csv", b"PK\x03\x04rest", None, "workbook"),
    "old workbook": ("ids.txt", b"\xd0\xcf\x11\xe0rest", None, "workbook"),
    "no mark": ("ids.txt", "ann\nbob\n".encode("utf-16-le"), None, "NUL"),
    "utf-32": ("ids.txt", "ann\n".encode("utf-32"), None, "UTF-32"),
    "latin": ("ids.txt", "käse\n".encode("latin-1"), None, "not UTF-8"),
    "cut utf-16": ("ids.txt", "ann\n".encode("utf-16") + b"x", None, "not UTF-16|cannot be read"),
    "table as lines": ("ids.txt", b"ann,Ann\nbob,Bob\n", None, "row of a table"),
    "semicolons as lines": ("ids.txt", b"ann;Ann\n", None, "row of a table"),
    "which column": ("ids.csv", b"Name,Country\nann,de\n", None, "several columns"),
    "no column": ("ids.csv", b"name,id\nA,1\n", "mail", "no column"),
    "column twice": ("ids.csv", b"id,ID\n1,2\n", "id", "2 columns"),
    "too few cells": ("ids.csv", b"name,id\nA,1\nB\n", "id", "line 3"),
    "too many cells": ("ids.csv", b"id\nann\nbob,extra\n", None, "line 3"),
    "open quote": ("ids.csv", b'id\n"ann\nbob\n', None, "cannot be read"),
}


@pytest.mark.parametrize(("name", "body", "column", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, name: str, body: bytes, column: str | None, said: str
) -> None:
    (tmp_path / name).write_bytes(body)

    with pytest.raises(Unacceptable, match=said):
        list(read_ids(tmp_path / name, column=column))


@pytest.mark.parametrize("name", ["ids.txt", "ids.csv"])
def test_every_bad_line_is_named_and_the_first_ones_are_enough(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(
        "id\nann\n1,2E+11\n".replace("1,2E+11", "1.2E+11") + "#REF!\nbob\n" + "x" * 300 + "\n", "utf-8"
    )
    with pytest.raises(Unacceptable) as refused:
        list(read_ids(path))
    for part in ("line 3: 1.2E+11 is a number", "line 4: '#REF!' is no id", "line 6: 'xxx", "longer than 256"):
        assert part in str(refused.value)

    path.write_text("id\n" + "#REF!\n" * 100, "utf-8")
    with pytest.raises(Unacceptable, match=r"line 2[01]: .*and there are more") as refused:
        list(read_ids(path))
    assert "line 22" not in str(refused.value)
