"""The older controls of a mini-program: rollout rules, the capability policy, and how strict they are."""
