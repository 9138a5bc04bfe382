"""Creates stacks in moto's CloudFormation, in this process, and says what became of their resources.

    in_moto.py TEMPLATE...      in the order in which they are deployed

What moto does not know is left out, and what refers to it. Prints JSON: for each template how many resources were made and of how many,
how many were left out, and the error that ended it.
"""
import json
import os
import sys
import warnings

os.environ.update(
    AWS_DEFAULT_REGION="eu-central-1", AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none",
    VALIDATE_LAMBDA_S3="false",
)

import boto3  # noqa: E402
from moto import mock_aws  # noqa: E402
from moto.cloudformation import parsing  # noqa: E402


def known(kind):
    if kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource":
        return False  # moto would run its function in Docker
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return parsing.resource_class_from_type(kind) is not None


def named(value):
    """Logical ids that a part of a template refers to."""
    if isinstance(value, dict):
        if "Ref" in value:
            yield value["Ref"]
        if "Fn::GetAtt" in value:
            yield value["Fn::GetAtt"][0]
        for part in value.values():
            yield from named(part)
    elif isinstance(value, list):
        for part in value:
            yield from named(part)


def leave_out(template):
    """Takes out what moto does not know, and what refers to it. Returns how many that were."""
    resources, outputs = template["Resources"], template.get("Outputs", {})
    unknown = {name for name, resource in resources.items() if not known(resource["Type"])}
    gone = set(unknown)
    while True:
        more = {name for name, resource in resources.items()
                if name not in gone and gone & set(named(resource.get("Properties", {})))}
        if not more:
            break
        gone |= more
    for name in gone:
        del resources[name]
    for resource in resources.values():
        needs = resource.pop("DependsOn", [])
        left = [each for each in ([needs] if isinstance(needs, str) else needs) if each not in gone]
        if left:
            resource["DependsOn"] = left
    for name in [name for name, output in outputs.items() if gone & set(named(output))]:
        del outputs[name]
    return len(gone)


def create(client, path):
    with open(path, encoding="utf-8") as file:
        template = json.load(file)
    left_out = leave_out(template)
    for resource in template["Resources"].values():
        # moto reads some tags in other forms than CloudFormation has them, and what they say is held elsewhere.
        properties = resource.get("Properties", {})
        properties.pop("Tags", None)
        if resource["Type"] == "AWS::ApiGateway::Method":
            # moto asks for both where the integration calls nothing, too.
            properties["Integration"] = {"IntegrationHttpMethod": "POST", "Uri": "", **properties["Integration"]}
    name = os.path.basename(path).split(".")[0]
    said = {"made": 0, "of": len(template["Resources"]), "leftOut": left_out}
    try:
        client.create_stack(StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"])
        for page in client.get_paginator("list_stack_resources").paginate(StackName=name):
            said["made"] += sum(row["ResourceStatus"] == "CREATE_COMPLETE" for row in page["StackResourceSummaries"])
    except Exception as error:  # whatever moto stumbles over is what is asked for
        said["error"] = f"{type(error).__name__}: {error}"[:500]
    return said


def main(paths):
    with mock_aws():
        boto3.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
        client = boto3.client("cloudformation")
        print(json.dumps([create(client, path) for path in paths]))


if __name__ == "__main__":
    main(sys.argv[1:])
