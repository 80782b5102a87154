"""Everything that is written from one description."""

from __future__ import annotations

from collections.abc import Mapping

from deploy import chain, compose, kubernetes, proxy, watching
from deploy.site import Site


def files(site: Site) -> Mapping[str, str]:
    """Texts by their paths; the same description gives the same bytes."""
    servers = [f"api-{number}" for number in range(1, site.api.processes + 1)]
    workers = [f"worker-{number}" for number in range(1, site.worker.processes + 1)]
    return {
        **chain.files(site),
        **compose.files(site),
        **kubernetes.files(site),
        **proxy.files(site, servers),
        **watching.files(site, servers, workers),
    }
