"""Values of AWS settings: what they must look like, said before AWS is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from miniprogram.provider_kit.settings import number

MemorySize = Literal[128, 256, 512, 1024]
RetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653]


def _shaped(pattern: str, described: str) -> Callable[[str], str]:
    """A check that a text, without blanks around it, is all `pattern`."""

    def check(text: str) -> str:
        value = text.strip()
        if not re.fullmatch(pattern, value):
            raise ValueError(f"must be {described}")
        return value

    return check


def _arn_like(pattern: str, example: str) -> Callable[[str], str]:
    return _shaped(rf"arn:[a-z-]+:{pattern}", f"an ARN such as arn:aws:{example}")


def _log_level(text: str) -> str:
    level = text.strip().upper()
    if level not in {"DEBUG", "INFO", "WARN", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARN or ERROR")
    return level


def _role_path(text: str) -> str:
    path = text.strip()
    if not re.fullmatch(r"/([\w+=,.@-]+/)*", path) or len(path) > 512:
        raise ValueError("must be a path such as /teams/shop/")
    return path


def _tag(text: str) -> str:
    name, found, value = text.partition("=")
    is_reserved = name.lower().startswith(("aws:", "miniprogram:"))
    if not found or not name.strip() or is_reserved or len(name) > 128 or len(value) > 256:
        raise ValueError("must be NAME=VALUE, with a name that does not start with aws: or miniprogram:")
    return text


_PRINCIPAL = r"iam::(\d{12}|aws):"
_NAME = r"[\w+=,.@/-]+"

Tag = Annotated[str, AfterValidator(_tag)]
ResourceName = Annotated[
    str, AfterValidator(_shaped(r"[A-Za-z0-9._-]+", "letters, digits, dots, underscores and hyphens"))
]
LogLevel = Annotated[str, AfterValidator(_log_level)]
RolePath = Annotated[str, AfterValidator(_role_path)]
PolicyArn = Annotated[
    str, AfterValidator(_arn_like(rf"{_PRINCIPAL}policy/{_NAME}", "iam::123456789012:policy/name"))
]
RoleArn = Annotated[str, AfterValidator(_arn_like(rf"{_PRINCIPAL}role/{_NAME}", "iam::123456789012:role/name"))]
TopicArn = Annotated[
    str, AfterValidator(_arn_like(r"sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?", "sns:eu-west-1:123456789012:name"))
]
CertificateArn = Annotated[
    str,
    AfterValidator(
        _arn_like(r"acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+", "acm:eu-west-1:123456789012:certificate/id")
    ),
]
WebAclArn = Annotated[
    str,
    AfterValidator(
        _arn_like(
            r"wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[\w-]+",
            "wafv2:us-east-1:123456789012:global/webacl/name/id, of a web ACL for CloudFront",
        )
    ),
]
KeyArn = Annotated[
    str,
    AfterValidator(_arn_like(r"kms:[a-z0-9-]+:\d{12}:key/[\w-]+", "kms:eu-west-1:123456789012:key/id")),
]
DomainName = Annotated[
    str,
    AfterValidator(
        _shaped(
            r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
            "a name such as mini.example.com, in small letters, without https:// and without a path",
        )
    ),
]
Memory = Annotated[MemorySize, BeforeValidator(number)]
Retention = Annotated[RetentionDays, BeforeValidator(number)]


def region_of(arn: str) -> str:
    return arn.split(":")[3]
