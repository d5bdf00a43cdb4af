"""CloudFormation stacks and the function archives they deploy, for the delivery service and publisher backends."""
