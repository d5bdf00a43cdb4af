"""A strict stand-in for Firestore, over gRPC and REST, that Google's own clients can be pointed at.

It refuses what the service refuses: stale preconditions, half a batch, too large documents, arrays in arrays,
queries without an index. It has no listening and no pipelines. Proved by Google's clients and by a model in
`tests/plugins/firebase/firestore/`.
"""
