"""Delivery on Cloud Run, without a build. Other distributions deploy their own programs with it.

    plan = delivery_plan(settings, context, bucket="programs", location="europe-west1")
    deployment = CloudRunDeployment(settings, context, plan)

`settings` inherits RunSettings. A program of another kind is a RunPlan with a RunProgram of its own.
"""
