"""The delivery template for each way to configure it, as AWS would make it."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram_aws.deployment.delivery_stack import delivery_plan, delivery_template
from miniprogram_aws.settings import AwsSettings
from testbed.aws_variants import CDN_CERTIFICATE, CERTIFICATE, KEY, NAME, VARIANTS, WEB_ACL, template_of


def resources(**settings: Any) -> dict[str, Any]:
    found: dict[str, Any] = template_of(**settings)["Resources"]
    return found


def of_type(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [row.get("Properties", {}) for row in found.values() if row["Type"] == kind]


def function(**settings: Any) -> dict[str, Any]:
    return of_type(resources(**settings), "AWS::Lambda::Function")[0]


def actions(**settings: Any) -> dict[str, Any]:
    """What the function's role may do, by action."""
    role = of_type(resources(**settings), "AWS::IAM::Role")[0]
    return {
        action: row["Resource"]
        for policy in role["Policies"]
        for row in policy["PolicyDocument"]["Statement"]
        for action in ([row["Action"]] if isinstance(row["Action"], str) else row["Action"])
    }


@pytest.mark.parametrize("settings", VARIANTS.values(), ids=VARIANTS)
def test_every_parameter_is_one_of_the_templates(settings: dict[str, Any]) -> None:
    """CloudFormation refuses a parameter it does not know, and one without a value."""
    template_of(**settings)


@pytest.mark.parametrize("settings", VARIANTS.values(), ids=VARIANTS)
def test_hosts_reach_nothing_but_the_alias(settings: dict[str, Any]) -> None:
    found = resources(**settings)
    alias = {"Ref": "MiniProgramDeliveryAlias"}

    for permission in of_type(found, "AWS::Lambda::Permission"):
        assert permission["FunctionName"] == alias
    for integration in of_type(found, "AWS::ApiGatewayV2::Integration"):
        assert integration["IntegrationUri"] == alias
    for url in of_type(found, "AWS::Lambda::Url"):
        assert url["Qualifier"] == "live"


@pytest.mark.parametrize("settings", VARIANTS.values(), ids=VARIANTS)
def test_the_bucket_is_in_no_stack(settings: dict[str, Any]) -> None:
    assert of_type(resources(**settings), "AWS::S3::Bucket") == []


@pytest.mark.parametrize("settings", VARIANTS.values(), ids=VARIANTS)
def test_the_role_writes_nothing_but_logs_and_what_it_was_given(settings: dict[str, Any]) -> None:
    usual = {"s3:GetObject", "s3:ListBucket", "logs:CreateLogStream", "logs:PutLogEvents"}
    if settings.get("admission_table"):
        usual |= {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
    if settings.get("kms_key_id"):
        usual |= {"kms:Decrypt"}
    if settings.get("data_kms_key_arn"):
        usual |= {"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"}
    if settings.get("tracing"):
        usual |= {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}

    assert set(actions(**settings)) == usual


def test_a_function_url_behind_the_cdn_answers_cloudfront_only() -> None:
    """Accounts that forbid public function URLs can have this one."""
    found = resources(lambda_url=True, cdn=True)

    assert [url["AuthType"] for url in of_type(found, "AWS::Lambda::Url")] == ["AWS_IAM"]
    permissions = of_type(found, "AWS::Lambda::Permission")
    assert {row["Principal"] for row in permissions} == {"cloudfront.amazonaws.com"}
    assert all("${MiniProgramDeliveryCdn}" in row["SourceArn"]["Fn::Sub"] for row in permissions)
    [access] = of_type(found, "AWS::CloudFront::OriginAccessControl")
    assert access["OriginAccessControlConfig"]["SigningBehavior"] == "always"
    [cdn] = of_type(found, "AWS::CloudFront::Distribution")
    assert "OriginAccessControlId" in cdn["DistributionConfig"]["Origins"][0]


def test_without_a_cdn_a_function_url_is_open() -> None:
    found = resources(lambda_url=True)

    assert [url["AuthType"] for url in of_type(found, "AWS::Lambda::Url")] == ["NONE"]
    assert of_type(found, "AWS::CloudFront::OriginAccessControl") == []


def test_a_name_of_ones_own_before_the_api() -> None:
    found = template_of(domain_name=NAME, certificate_arn=CERTIFICATE)

    [domain] = of_type(found["Resources"], "AWS::ApiGatewayV2::DomainName")
    [configured] = domain["DomainNameConfigurations"]
    assert (domain["DomainName"], configured["CertificateArn"]) == (NAME, CERTIFICATE)
    assert configured["SecurityPolicy"] == "TLS_1_2"
    assert found["Outputs"]["BackendApiBaseUrl"]["Value"] == {"Fn::Sub": "https://${DomainName}/api/"}
    assert "RegionalDomainName" in str(found["Outputs"]["DomainTarget"])
    assert "${DomainName}" not in str(found["Outputs"]["HealthUrl"]), "it answers before the name leads here"


@pytest.mark.parametrize("lambda_url", [False, True])
def test_a_name_of_ones_own_before_the_cdn(lambda_url: bool) -> None:
    found = template_of(cdn=True, domain_name=NAME, certificate_arn=CDN_CERTIFICATE, lambda_url=lambda_url)

    [cdn] = of_type(found["Resources"], "AWS::CloudFront::Distribution")
    assert cdn["DistributionConfig"]["Aliases"] == [NAME]
    assert cdn["DistributionConfig"]["ViewerCertificate"] == {
        "AcmCertificateArn": CDN_CERTIFICATE,
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    assert of_type(found["Resources"], "AWS::ApiGatewayV2::DomainName") == []
    assert "MiniProgramDeliveryCdn" in str(found["Outputs"]["DomainTarget"])


def test_without_a_name_the_cdn_has_awss() -> None:
    [cdn] = of_type(resources(cdn=True), "AWS::CloudFront::Distribution")

    assert cdn["DistributionConfig"].keys() & {"Aliases", "ViewerCertificate", "WebACLId"} == set()
    assert "DomainTarget" not in template_of(cdn=True)["Outputs"]


def test_a_web_acl_is_asked_before_each_request() -> None:
    [cdn] = of_type(resources(cdn=True, web_acl_arn=WEB_ACL), "AWS::CloudFront::Distribution")

    assert cdn["DistributionConfig"]["WebACLId"] == WEB_ACL


@pytest.mark.parametrize(("level", "system"), [(None, "WARN"), ("WARN", "WARN"), ("DEBUG", "DEBUG")])
def test_logs_are_json_and_awss_own_lines_are_few(level: str | None, system: str) -> None:
    logging = function(log_level=level)["LoggingConfig"]

    assert (logging["LogFormat"], logging["SystemLogLevel"]) == ("JSON", system)
    assert logging["ApplicationLogLevel"] == "TRACE", "the function chooses itself"


def test_sampling_and_tracing_reach_the_function() -> None:
    assert function()["Environment"]["Variables"]["LOG_SAMPLE"] == "1"
    assert function()["TracingConfig"] == {"Mode": "PassThrough"}
    told = function(log_sample=0.05, tracing=True)
    assert told["Environment"]["Variables"]["LOG_SAMPLE"] == "0.05"
    assert told["TracingConfig"] == {"Mode": "Active"}


def test_one_key_encrypts_all_that_the_stack_keeps() -> None:
    found = resources(data_kms_key_arn=KEY, admission_table=True)

    assert of_type(found, "AWS::Logs::LogGroup")[0]["KmsKeyId"] == KEY
    assert of_type(found, "AWS::DynamoDB::Table")[0]["SSESpecification"]["KMSMasterKeyId"] == KEY
    assert of_type(found, "AWS::Lambda::Function")[0]["KmsKeyArn"] == KEY
    assert actions(data_kms_key_arn=KEY)["kms:GenerateDataKey"] == KEY


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"domain_name": NAME}, "need each other"),
        ({"certificate_arn": CERTIFICATE}, "need each other"),
        ({"domain_name": NAME, "certificate_arn": CDN_CERTIFICATE}, "must be in eu-west-1"),
        ({"domain_name": NAME, "certificate_arn": CERTIFICATE, "cdn": True}, "must be in us-east-1"),
        ({"domain_name": NAME, "certificate_arn": CERTIFICATE, "lambda_url": True}, "add --cdn"),
        ({"domain_name": f"https://{NAME}/", "certificate_arn": CERTIFICATE}, "such as mini.example.com"),
        ({"cdn": True, "region": "cn-north-1"}, "cannot be had in cn-north-1"),
        ({"cdn": True, "region": "us-gov-west-1"}, "GovCloud has no CloudFront"),
        ({"web_acl_arn": WEB_ACL}, "needs --cdn"),
        ({"cdn_price_class": "all"}, "needs --cdn"),
        ({"web_acl_arn": WEB_ACL.replace("global", "regional"), "cdn": True}, "of a web ACL for CloudFront"),
        ({"lambda_url": True, "requests_per_second": 10}, "not for a function URL"),
        ({"shift_minutes": 5}, "needs --shift-step"),
        ({"shift_alarm": ("crashes",)}, "needs --shift-step"),
        ({"shift_step": (50, 10)}, "must rise"),
        ({"shift_step": (100,)}, "less than or equal to 99"),
        ({"log_sample": "half"}, "a number from 0 to 1"),
        ({"log_sample": 1.5}, "less than or equal to 1"),
        ({"log_sample": 0, "delivery": "self"}, "is for delivery by a function"),
        ({"data_kms_key_arn": KEY.replace("eu-west-1", "eu-north-1")}, "must be in eu-west-1"),
    ],
)
def test_what_cannot_be_is_said_when_it_is_configured(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        AwsSettings(**{"bucket": "shop", "region": "eu-west-1", **settings})


def test_figures_of_the_template() -> None:
    """As a body of a request a template may have 51,200 bytes, and 200 parameters."""
    plan = delivery_plan(AwsSettings(bucket="shop", region="eu-west-1"), "s", "prod", code={})

    assert len(delivery_template().encode()) < 51_200 // 2
    assert len(plan.parameters) < 50
