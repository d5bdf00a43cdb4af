"""Values of AWS settings: what they must look like, said before AWS is asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from miniprogram.provider_kit.settings import EachOnce, named_value, number, shaped

MemorySize = Literal[128, 256, 512, 1024]
RetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653]


def _arn_like(pattern: str, example: str) -> AfterValidator:
    return shaped(rf"arn:[a-z-]+:{pattern}", f"an ARN such as arn:aws:{example}")


_PRINCIPAL = r"iam::(\d{12}|aws):"
_TAG = "NAME=VALUE, with a name that does not start with aws: or miniprogram:"
_NAME = r"[\w+=,.@/-]+"

Tag = Annotated[str, named_value(r"(?i)(?!aws:|miniprogram:)(?=.*\S)[^=]{1,128}", r"(?s).{0,256}", _TAG)]
Tags = Annotated[tuple[Tag, ...], EachOnce]
ResourceName = Annotated[str, shaped(r"[A-Za-z0-9._-]+", "letters, digits, dots, underscores and hyphens")]
AccountId = Annotated[str, shaped(r"\d{12}", "the id of an account: twelve digits")]
RolePath = Annotated[
    str, shaped(r"/([\w+=,.@-]+/)*", "a path such as /teams/shop/", also=lambda path: len(path) <= 512)
]
PolicyArn = Annotated[str, _arn_like(rf"{_PRINCIPAL}policy/{_NAME}", "iam::123456789012:policy/name")]
RoleArn = Annotated[str, _arn_like(rf"{_PRINCIPAL}role/{_NAME}", "iam::123456789012:role/name")]
TopicArn = Annotated[str, _arn_like(r"sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?", "sns:eu-west-1:123456789012:name")]
CertificateArn = Annotated[
    str,
    _arn_like(r"acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+", "acm:eu-west-1:123456789012:certificate/id"),
]
WebAclArn = Annotated[
    str,
    _arn_like(
        r"wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[\w-]+",
        "wafv2:us-east-1:123456789012:global/webacl/name/id, of a web ACL for CloudFront",
    ),
]
KeyArn = Annotated[
    str,
    _arn_like(r"kms:[a-z0-9-]+:\d{12}:key/[\w-]+", "kms:eu-west-1:123456789012:key/id"),
]
DomainName = Annotated[
    str,
    shaped(
        r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        "a name such as mini.example.com, in small letters, without https:// and without a path",
    ),
]
Memory = Annotated[MemorySize, BeforeValidator(number)]
Retention = Annotated[RetentionDays, BeforeValidator(number)]


def region_of(arn: str) -> str:
    return arn.split(":")[3]
