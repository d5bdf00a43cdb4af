"""Delivery on Cloud Run, without a build. Other distributions deploy their own programs with it.

deployment = CloudRunDeployment(settings, context, delivery_plan(settings, context, bucket="programs"))
"""
