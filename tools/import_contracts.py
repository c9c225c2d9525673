"""Contracts of import-linter about aggregates, derived from the list of aggregates in the registry."""

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

from assistance.aggregates import AGGREGATES

APP = "assistance"
# The layer of an aggregate's module, by the end of its name: a module imports lower layers of any aggregate, and its
# own layer only of aggregates that come earlier in the list. Names not listed here belong to the layer of the rules.
STOREYS = (
    ("models", "states", "matching"),
    (),
    ("forms", "views", "serializers", "bodies", "fields", "filters", "api"),
    ("urls", "registration", "demo", "organisations"),
)
RULES = 1


def aggregate_of(module: str) -> str:
    """Return the aggregate a module belongs to, or an empty string."""
    parts = module.split(".")
    return parts[1] if len(parts) > 2 and parts[0] == APP and parts[1] in AGGREGATES else ""


def storey_of(module: str) -> int:
    """Return the height of the layer an aggregate's module belongs to."""
    name = module.rsplit(".", maxsplit=1)[-1]
    for height, ends in enumerate(STOREYS):
        if any(name == end or name.endswith(f"_{end}") for end in ends):
            return height
    return RULES


def imports(graph: ImportGraph) -> Iterator[tuple[str, str, list[int]]]:
    """Yield (importer, imported, lines) of direct imports inside the app, without tests and migrations."""
    for importer in sorted(graph.modules):
        if not importer.startswith(f"{APP}.") or {"tests", "migrations"} & set(importer.split(".")):
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            if imported.startswith(f"{APP}."):
                details = graph.get_import_details(importer=importer, imported=imported)
                yield importer, imported, [detail["line_number"] for detail in details]


class _AggregatesContract(Contract):
    """The base of both contracts: each import is checked alone, and those that break the rule are listed."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Return whether the contract is kept, with the imports that break it."""
        broken = [(a, b, lines) for a, b, lines in imports(graph) if self.breaks(a, b)]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def breaks(self, importer: str, imported: str) -> bool:
        """Return whether this import breaks the contract; implemented by subclasses."""
        return False

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that break the contract."""
        for importer, imported, lines in check.metadata["broken"]:
            output.print_error(f"{importer} (line {', '.join(map(str, lines))}) imports {imported}")


class KernelContract(_AggregatesContract):
    """The packages named in `kernel` import no aggregate."""

    kernel = fields.ListField(subfield=fields.StringField())

    def breaks(self, importer: str, imported: str) -> bool:
        """Return whether the kernel imports an aggregate."""
        kernel: list[str] = self.kernel  # type: ignore[assignment]
        in_kernel = any(importer == name or importer.startswith(f"{name}.") for name in kernel)
        return in_kernel and bool(aggregate_of(imported))


class StoreysContract(_AggregatesContract):
    """A module of an aggregate imports lower layers of any aggregate, and its own layer only of earlier aggregates."""

    def breaks(self, importer: str, imported: str) -> bool:
        """Return whether the import goes to a higher layer, or within the layer to a later aggregate."""
        own, other = aggregate_of(importer), aggregate_of(imported)
        if not own or not other or own == other:
            return False
        above, beside = storey_of(imported) > storey_of(importer), storey_of(imported) == storey_of(importer)
        return above or (beside and AGGREGATES.index(other) > AGGREGATES.index(own))
