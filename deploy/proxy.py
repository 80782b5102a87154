"""The reverse proxy: ends TLS, spreads requests over the servers, and tells them who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from deploy.site import API_PORT, Site

LARGEST_MB: Final = 64
"""The largest body that any address of the ledger takes (``api.shell.BODY_LIMITS``)."""
CONFIG: Final = """\
# Written from site.toml by `dev.py deploy generate`; do not edit.
user nginx;
worker_processes auto;
pid /run/nginx.pid;
error_log /dev/stderr warn;

events {{
    worker_connections 4096;
}}

http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    server_tokens off;
    log_format plain '$remote_addr $time_iso8601 "$request_method $uri" $status $body_bytes_sent $request_time';
    access_log /dev/stdout plain;

    upstream ledger {{
        least_conn;
{servers}
        keepalive 64;
    }}

    server {{
        listen 80;
        listen [::]:80;
        server_name {host};
        return 308 https://$host{port}$request_uri;
    }}

    server {{
        listen 443 ssl;
        listen [::]:443 ssl;
        server_name {host};
        ssl_certificate /etc/nginx/tls/tls.crt;
        ssl_certificate_key /etc/nginx/tls/tls.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_cache shared:tls:10m;
        ssl_session_tickets off;
        add_header Strict-Transport-Security "max-age=31536000" always;
        client_max_body_size {largest}m;
        client_body_timeout 60s;

        location = /metrics {{
            return 404;
        }}

        location / {{
            proxy_pass http://ledger;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_connect_timeout 5s;
            proxy_read_timeout 120s;
            proxy_request_buffering off;
            proxy_next_upstream error timeout;
            proxy_next_upstream_tries 2;
        }}
    }}
}}
"""


def files(site: Site, servers: Sequence[str]) -> Mapping[str, str]:
    """The configuration, by its path; ``servers`` are host names."""
    port = "" if site.proxy.https_port == 443 else f":{site.proxy.https_port}"
    text = CONFIG.format(
        servers="\n".join(f"        server {name}:{API_PORT} max_fails=2 fail_timeout=5s;" for name in servers),
        host=site.proxy.host,
        port=port,
        largest=LARGEST_MB,
    )
    return {"proxy/nginx.conf": text}
