"""A publisher backend on Firebase: the starter, its service on Cloud Run, its records in Firestore."""
