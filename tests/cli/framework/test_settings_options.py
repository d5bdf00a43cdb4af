"""Options made from settings models: their names, types, texts and what reaches the command."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import typer
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel

from miniprogram.cli.framework.parsing.options import AsJson, OptionalProgramId
from miniprogram.cli.framework.parsing.settings_options import accept_settings, collect_options
from miniprogram.errors import UsageError
from miniprogram.plugins.settings import parse_settings, settings_for


class Bucket(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True)

    bucket_name: str = Field(min_length=1)
    """Where files go."""
    memory_size: Literal[128, 256] = 256
    timeout_seconds: int = Field(default=15, ge=3, le=30, description="Seconds a request may take")
    ratio: float = 0.5
    require_keys: Annotated[bool, Field(json_schema_extra={"negatable": True})] = False
    token: SecretStr | None = None
    output: Path | None = Field(default=None, json_schema_extra={"short": "-o"})
    tags: list[str] = []
    renamed: str = Field(default="", json_schema_extra={"option": "--other-name"})
    internal: str = Field(default="", json_schema_extra={"option": False})
    secret_door: str = Field(default="", json_schema_extra={"hidden": True})


class Folder(BaseModel):
    bucket_name: str = Field(min_length=1, description="Where files go")
    clean: bool = False


MODELS: Mapping[str, type[BaseModel]] = {"cloudy": Bucket, "plain": Folder}


def call(argv: list[str], models: Mapping[str, type[BaseModel]] = MODELS) -> dict[str, Any]:
    """What a command with the options of `models` gets for `argv`."""
    seen: dict[str, Any] = {}

    def command(
        context: typer.Context,
        program_id: OptionalProgramId = None,
        *,
        as_json: AsJson = False,
        settings: Mapping[str, object],
    ) -> None:
        """Do something."""
        seen.update(program_id=program_id, as_json=as_json, settings=settings)

    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(accept_settings(command, models))
    typer.main.get_command(app).main(args=argv, standalone_mode=False)
    return seen


@pytest.mark.parametrize(
    ("argv", "settings"),
    [
        ([], {}),
        (["--bucket-name", " a "], {"bucket_name": "a"}),
        (["--bucket-name=a", "--bucket-name", "b"], {"bucket_name": "b"}),
        (["--bucket-name", "  "], {}),
        (["--memory-size", "128"], {"memory_size": 128}),
        (["--timeout-seconds", "20"], {"timeout_seconds": 20}),
        (["--ratio", "1e-1"], {"ratio": 0.1}),
        (["--require-keys"], {"require_keys": True}),
        (["--no-require-keys"], {"require_keys": False}),
        (["--clean"], {"clean": True}),
        (["-o", "-odd"], {"output": Path("-odd")}),
        (["-oout"], {"output": Path("out")}),
        (["--tags", "a", "--tags", " ", "--tags", "b"], {"tags": ["a", "b"]}),
        (["--tags", ""], {}),
        (["--other-name", "x"], {"renamed": "x"}),
        (["--secret-door", "x"], {"secret_door": "x"}),
    ],
    ids=lambda value: " ".join(value) or "none" if isinstance(value, list) else "",
)
def test_given_options_reach_the_command_by_field_name(argv: list[str], settings: dict[str, Any]) -> None:
    assert call(["shop", "--json", *argv]) == {"program_id": "shop", "as_json": True, "settings": settings}


@pytest.mark.parametrize(
    ("argv", "culprit"),
    [
        (["--memory-size", "12"], "--memory-size': '12' is not one of 128, 256"),
        (["--timeout-seconds", "2x"], "--timeout-seconds': '2x' is not a number"),
        (["--no-clean"], "--no-clean"),
        (["--internal", "x"], "--internal"),
        (["--clean=true"], "--clean"),
        (["--bucket-name"], "--bucket-name"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_parse_is_named(argv: list[str], culprit: str) -> None:
    with pytest.raises(typer.TyperException) as failure:
        call(argv)

    assert culprit in failure.value.format_message()


def test_help_says_what_an_option_means_and_whose_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    call(["--help"])

    text = " ".join(capsys.readouterr().out.split())
    assert "--bucket-name TEXT Where files go, required (cloudy, plain)." in text
    assert "--memory-size 128|256 Default: 256 (cloudy)." in text
    assert "--timeout-seconds NUMBER Seconds a request may take, default: 15 (cloudy)." in text
    assert "--require-keys / --no-require-keys" in text
    assert "-o, --output PATH" in text
    assert "--secret-door" not in text


class Number(BaseModel):
    bucket_name: int = 1


class Short(BaseModel):
    other: str = Field(default="", json_schema_extra={"short": "-o"})


class Json(BaseModel):
    json_form: bool = Field(default=False, json_schema_extra={"option": "--json"})


class Nested(BaseModel):
    inner: Folder


@pytest.mark.parametrize(
    ("models", "names"),
    [
        (
            {"cloudy": Bucket, "odd": Number},
            {"bucket_name": "--bucket-name", "odd.bucket_name": "--odd-bucket-name"},
        ),
        ({"cloudy": Bucket, "odd": Short}, {"other": "--other"}),
        ({"odd": Json}, {"odd.json_form": "--odd-json-form"}),
    ],
    ids=["types", "short", "taken"],
)
def test_a_name_that_is_taken_gets_its_owner_in_front(
    models: Mapping[str, type[BaseModel]], names: dict[str, str]
) -> None:
    options = {option.key: option for option in collect_options(models, taken={"--json"})}

    assert {key: options[key].name for key in names} == names
    assert [option.short for option in options.values() if option.field == "other"] in ([], [None])


def test_settings_of_two_owners_of_one_field_are_told_apart() -> None:
    models = {"cloudy": Bucket, "odd": Number}

    given = call(["--bucket-name", "b", "--odd-bucket-name", "7"], models)["settings"]

    assert settings_for("cloudy", {"bucket_name": given["bucket_name"]}, Bucket, kind="target") == {
        "bucket_name": "b"
    }
    for owner, model in models.items():
        with pytest.raises(UsageError, match="is not an option of the target"):
            settings_for(owner, given, model, kind="target")


def test_an_owner_whose_settings_cannot_be_options_is_left_out_and_reported() -> None:
    reported: list[tuple[str, str]] = []

    options = collect_options({"cloudy": Bucket, "odd": Nested}, report=lambda *row: reported.append(row))

    assert {owner for option in options for owner in option.helps} == {"cloudy"}
    assert [(owner, "inner" in reason) for owner, reason in reported] == [("odd", True)]


def test_choices_of_several_models_add_up() -> None:
    class Left(BaseModel):
        level: Literal["a", "b"] = "a"

    class Right(BaseModel):
        level: Literal["b", "c"] = "b"

    assert collect_options({"left": Left, "right": Right})[0].choices == ("a", "b", "c")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({}, "--bucket-name is required"),
        ({"bucket_name": "x", "timeout_seconds": 2}, "--timeout-seconds must be greater than or equal to 3"),
        ({"bucket_name": "x", "renamed": 3}, "--other-name must be a text"),
    ],
    ids=["missing", "range", "renamed"],
)
def test_settings_that_do_not_fit_name_the_option(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as failure:
        parse_settings(Bucket, raw)

    assert str(failure.value) == message


def test_a_secret_never_shows_in_a_message() -> None:
    class Pin(BaseModel):
        pin: int = Field(default=0, json_schema_extra={"secret": True})

    with pytest.raises(typer.TyperException) as failure:
        call(["--pin", "hunter2"], {"vault": Pin})

    assert "hunter2" not in failure.value.format_message()
