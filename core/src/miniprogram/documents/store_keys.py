"""Where things are in an environment's store: the keys of the cloud layout."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram.seams.cloud_provider import StoreAddress


@dataclass(frozen=True, slots=True)
class StoreKeys:
    """Keys below an environment's two prefixes, which have no slash at either end."""

    artifacts_prefix: str
    metadata_prefix: str

    @classmethod
    def of(cls, address: StoreAddress) -> StoreKeys:
        return cls(address.artifacts_prefix, address.metadata_prefix)

    def catalog(self, program_id: str) -> str:
        """The pointer to the version that is served."""
        return f"{self.catalogs}{program_id}.json"

    @property
    def catalogs(self) -> str:
        """What the keys of all pointers start with."""
        return f"{self.metadata_prefix}/catalog/"

    def release(self, program_id: str, version: str) -> str:
        return f"{self.releases(program_id)}{version}.json"

    def releases(self, program_id: str) -> str:
        """What the keys of all release records of a mini-program start with."""
        return f"{self.metadata_prefix}/releases/{program_id}/"

    def artifacts(self, program_id: str) -> str:
        """What the keys of all files of a mini-program start with."""
        return f"{self.artifacts_prefix}/{program_id}/"

    def access_keys(self, program_id: str) -> str:
        return f"{self.metadata_prefix}/access_keys/{program_id}.json"

    def release_document(self, program_id: str) -> str:
        """What the release manager keeps, with the policy that delivery reads."""
        return f"{self.metadata_prefix}/releases/{program_id}.json"

    def link_keys(self, program_id: str) -> str:
        return f"{self.metadata_prefix}/link_keys/{program_id}.json"

    def segments(self, program_id: str) -> str:
        """What the keys of all lists of ids of a mini-program start with."""
        return f"{self.metadata_prefix}/segments/{program_id}/"

    def audit(self, program_id: str) -> str:
        """What the keys of all events of a mini-program's trail start with."""
        return f"{self.metadata_prefix}/audit/{program_id}/"

    @property
    def disabled_programs(self) -> str:
        """What the keys of all archived pointers start with."""
        return f"{self.metadata_prefix}/disabled/"

    def disabled(self, program_id: str) -> str:
        """The archived pointer of a disabled mini-program."""
        return f"{self.disabled_programs}{program_id}.json"
