"""nginx and Caddy as deploy/ describes them, on loopback, with a certificate of their own."""

import http.client
import os
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from quality.site import ROOT, free_port, wait_for_server

DEPLOY = ROOT / "deploy"
HOST = "localhost"
NGINX = """daemon off; master_process on; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxied; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class PublicAddress:
    """Where visitors find the site: HTTPS at a port of this machine."""

    port: int
    certificate: Path
    """The only one that they trust."""

    def connection(self, patience_seconds: float) -> http.client.HTTPSConnection:
        """A visitor's connection, which is opened by its first request."""
        trust = ssl.create_default_context(cafile=self.certificate)
        return http.client.HTTPSConnection(HOST, self.port, timeout=patience_seconds, context=trust)


def _make_certificate(folder: Path) -> Path:
    """A certificate of this host, with its key beside it."""
    certificate = folder / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", folder / "privkey.pem", "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate


def _nginx(folder: Path, run: Path, port: int) -> list[str]:
    """Its command, with deploy/nginx.conf on this port."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "127.0.0.1:8000": f"127.0.0.1:{free_port()}",
        "/etc/letsencrypt/live/zones.example.org": str(folder),
        "/var/log/nginx": str(folder),
        "/run/safezones": str(run),
    }
    for old, new in changes.items():
        text = text.replace(old, new)
    lines = [line for line in text.splitlines() if "listen [::]" not in line]
    (folder / "site.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder), encoding="utf-8")
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    return [program("nginx"), "-e", str(folder / "nginx.log"), "-c", str(folder / "nginx.conf"), *user]


def _caddy(folder: Path, run: Path, port: int) -> list[str]:
    """Its command, with deploy/Caddyfile on this port."""
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    changes = {
        "zones.example.org {": f"https://{HOST}:{port} {{\n\tbind 127.0.0.1\n"
        f"\ttls {folder}/fullchain.pem {folder}/privkey.pem",
        "127.0.0.1:8000": f"127.0.0.1:{free_port()}",
        "/run/safezones": str(run),
        "\tlog default {": "\tadmin off\n\tauto_https disable_redirects\n\tlog default {",
    }
    if _version_of_caddy() < (2, 7):  # as the file says
        changes["\trequest_buffers 10MB"] = "\tbuffer_requests"
    for old, new in changes.items():
        text = text.replace(old, new)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    return [program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def _version_of_caddy() -> tuple[int, ...]:
    said = subprocess.run([program("caddy"), "version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.split()[0].lstrip("v").split(".")[:2])


def program(name: str) -> str:
    """Where a proxy's program is; empty where it is not installed."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


PROXIES: dict[str, Callable[[Path, Path, int], list[str]]] = {"nginx": _nginx, "caddy": _caddy}


@contextmanager
def running_proxy(name: str, folder: Path, run: Path) -> Iterator[PublicAddress]:
    """The proxy in front of the site whose sockets are in `run`, which answers already."""
    address = PublicAddress(free_port(), _make_certificate(folder))
    command = PROXIES[name](folder, run, address.port)
    log = folder / f"{name}.output"
    environment = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with log.open("w") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file, cwd=folder)
    try:
        wait_for_server(process, f"https://{HOST}:{address.port}/healthz", log, trusted=address.certificate)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
