"""The firebase-functions starter: a readable Python project that `publisher-backend firebase deploy` puts up."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import PurePosixPath

from miniprogram.backends.cloud.starter import BackendStarter, document
from miniprogram.seams.backend_template import ProgramFacts

FIRESTORE = "firestore"
EMULATORS = {"firestore": {"port": 8080}, "ui": {"enabled": True}}


class FirebaseTemplate(BackendStarter):
    """`firebase.json`, rules, a README, and below `functions/` the code and its data."""

    name, cloud = "firebase-functions", "Firebase"
    folder = PurePosixPath("backend/firebase_functions")
    code, main, node_main = "functions", "main.py", "index.js"
    required = tuple(f"functions/{each}.py" for each in ("main", "server", "publisher_routes", "store"))
    package = "miniprogram_firebase.backend.starter"
    where_records_stay = "Firestore keeps its records"

    def own_files(self, facts: ProgramFacts, storage: str) -> Mapping[str, bytes]:
        found = {
            ".gitignore": self.file("gitignore"),
            "README.md": self.rendered("README.md.jinja", {"program_id": facts.program_id, "storage": storage}),
            "firebase.json": document({"firestore": {"rules": "firestore.rules"}, "emulators": EMULATORS}),
            "firestore.rules": self.file("firestore.rules"),
            "functions/main.py": self.file("main.py"),
            "functions/server.py": self.file("server.py"),
            "functions/requirements.txt": b"functions-framework>=3.8\n",
        }
        if storage == FIRESTORE:
            found["functions/store.py"] = self.file("firestore_store.py")
            found["functions/firestore.py"] = (
                files("miniprogram_firebase.function") / "firestore.py"
            ).read_bytes()
            found["functions/record_names.py"] = self.file("record_names.py")
        return found
