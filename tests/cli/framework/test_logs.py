"""Logs: on stderr, in two forms, silent unless asked, and imported with the first record."""

import io
import json

import pytest

from miniprogram.logs import be_verbose, configure_logging, get_log

log = get_log("tests.demo")


def test_nothing_below_a_warning_is_written_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging({})

    log.debug("small_thing")
    log.info("something")

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("ask", ["option", "later"])
def test_verbose_writes_lines_for_people(capsys: pytest.CaptureFixture[str], ask: str) -> None:
    configure_logging({}, verbose=ask == "option")
    if ask == "later":
        be_verbose()

    log.info("release_published", program_id="shop", file_count=12)

    out, err = capsys.readouterr()
    assert out == ""
    assert "release_published" in err
    assert "program_id=shop" in err
    assert "\x1b" not in err


def test_json_is_one_object_per_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging({"MINIPROGRAM_LOG": " JSON "})

    log.debug("first", path="größe")
    log.warning("second")

    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["event"], first["level"], first["path"], first["logger"]) == (
        "first",
        "DEBUG",
        "größe",
        "tests.demo",
    )
    assert second["level"] == "WARN"
    assert first["time"].endswith("Z")


@pytest.mark.parametrize("form", ["", "json"])
def test_exceptions_come_whole_but_without_local_variables(capsys: pytest.CaptureFixture[str], form: str) -> None:
    configure_logging({"MINIPROGRAM_LOG": form})
    try:
        secret = "".join(["hun", "ter2"])
        raise RuntimeError(f"{len(secret)} letters")
    except RuntimeError:
        log.exception("crashed")

    err = capsys.readouterr().err
    assert "7 letters" in err
    assert "test_logs.py" in err
    assert "hunter2" not in err


@pytest.mark.parametrize("form", ["", "json"])
def test_records_go_to_what_stderr_is_when_they_are_written(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Whoever runs commands in one process gives each its own stderr, and closes it afterwards."""
    configure_logging({"MINIPROGRAM_LOG": form})
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.stderr", first)
    log.warning("one")
    first_text = first.getvalue()
    first.close()
    monkeypatch.setattr("sys.stderr", second)

    for write in (log.warning, log.error, log.exception):
        write("two")

    assert "one" in first_text
    assert second.getvalue().count("two") == 3
