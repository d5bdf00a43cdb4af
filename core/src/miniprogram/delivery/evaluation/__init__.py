"""Evaluation of release policies, rollout rules and switches: pure functions over compiled documents.

Nothing here reads from a store or knows HTTP. Start at `decide` for a program, at
`policy.choose` for a policy alone.
"""
