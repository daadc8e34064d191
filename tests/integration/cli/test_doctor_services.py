"""`safezones doctor` asks what the site works with: the site itself, its mail server, other services."""

import json
import ssl
import subprocess
import tempfile
from pathlib import Path

import pytest

from quality.site import free_port
from tests.conftest import only_sqlite
from tests.support.doctor import SECRET, doctor, line_of, mail_server, served

pytestmark = [pytest.mark.slow, pytest.mark.real_zones]


@only_sqlite
@pytest.mark.usefixtures("engine")
def test_the_site_itself_is_asked_where_the_proxy_asks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, real = Path(tempfile.mkdtemp()) / "site.sock", Path(tempfile.mkdtemp()) / "http.sock"
    monkeypatch.setattr("directory.doctor.site_answer.SITE_SOCKET", place)
    with pytest.raises(StopIteration):  # not served like this here: there is nothing to say
        line_of("site", tmp_path)
    place.symlink_to(real)
    down = line_of("site", tmp_path)
    assert (down["status"], "systemctl restart safezones" in down["remedy"]) == ("problem", True)
    with served(real, "ok", database={"status": "ok"}):
        assert line_of("site", tmp_path)["finding"] == f"release 9.9.9 answers at {place}"
    real.unlink()
    with served(
        real, "degraded", database={"status": "degraded", "problem": "The disk is full."}, outbox={"status": "ok"},
        proxies={"status": "degraded", "problem": "All came with 2. Set SAFEZONES_PROXIES=2."},
    ):  # fmt: skip
        line, proxies = line_of("site", tmp_path), line_of("proxies", tmp_path)
    assert (proxies["finding"], proxies["remedy"]) == ("All came with 2", "Set SAFEZONES_PROXIES=2.")
    assert (line["status"], line["finding"]) == (
        "warning",
        "release 9.9.9 answers, degraded: database: The disk is full.",
    )


@pytest.mark.parametrize(
    ("wrong", "found", "remedy"),
    [
        ({"SAFEZONES_SMTP_PASSWORD": "wrong"}, "535", "SAFEZONES_SMTP_PASSWORD"),
        ({"SAFEZONES_SMTP_SECURITY": "starttls"}, "STARTTLS", "SAFEZONES_SMTP_SECURITY"),
        ({"SAFEZONES_SMTP_SECURITY": "tls"}, "no TLS was spoken", "SAFEZONES_SMTP_SECURITY"),
        ({"SAFEZONES_MAIL_FROM": "zones@other.example"}, "553", "SAFEZONES_MAIL_FROM"),
        ({"SAFEZONES_SMTP_PORT": "1"}, "refused", "SAFEZONES_SMTP_PORT"),
        ({"SAFEZONES_SMTP_HOST": "no host"}, "no address", "SAFEZONES_SMTP_HOST"),
    ],
)
def test_a_mail_server_that_would_take_no_mail_is_found_without_sending_one(
    wrong: dict[str, str], found: str, remedy: str, tmp_path: Path
) -> None:
    with mail_server() as right:
        line = doctor(tmp_path, **{**right, **wrong}).of("mail server")
    assert (line["status"], found in line["finding"], remedy in line["remedy"]) == ("problem", True, True), line


def test_a_certificate_of_another_host_is_named(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out",
               str(certificate), "-subj", "/CN=x", "-addext", "subjectAltName=DNS:mail.example.org"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with mail_server(tls_context=context) as right:
        variables = {**right, "SAFEZONES_SMTP_SECURITY": "starttls", "SSL_CERT_FILE": str(certificate)}
        line = doctor(tmp_path, **variables).of("mail server")
    assert "127.0.0.1" in line["finding"] and "as its certificate does" in line["remedy"], line


@only_sqlite
@pytest.mark.usefixtures("engine")
def test_services_that_do_not_answer_are_named_without_their_passwords(tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    outcome = doctor(
        tmp_path, SAFEZONES_DATABASE_URL=f"postgresql+psycopg://me:{SECRET}@{nobody}/zones",
        SAFEZONES_LIMITS_STORAGE=f"redis://:{SECRET}@{nobody}/0", SAFEZONES_ROUTER=f"valhalla:http://{nobody}",
        SAFEZONES_GEOCODERS="nominatim", SAFEZONES_NOMINATIM_URL=f"http://{nobody}", SAFEZONES_SMTP_PASSWORT=SECRET,
        SAFEZONES_GEOCODER_OPTIONS=json.dumps({"opencage": {"api_key": SECRET}}),
    )  # fmt: skip
    assert "does not answer" in outcome.of("database")["finding"] and outcome.of("database")["status"] == "problem"
    for name in ("rate limits", "router", "geocoders"):
        line = outcome.of(name)
        assert line["status"] == "warning" and "answer" in line["finding"], line
    assert "rename it to SAFEZONES_SMTP_PASSWORD" in outcome.of("variables")["remedy"]
