"""Messages that arrive at real receivers, and what happens where none does; secrets are seen nowhere."""

import json
import os
import socket
import stat
import threading
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest
from aiosmtpd.controller import Controller

from studykit.errors import ExitCode, ReminderError
from studykit.reminders import addresses, record
from studykit.reminders.channels.channel import TIMEOUT, deliver
from studykit.reminders.message import Message
from studykit.reminders.remind import remind_once
from studykit.study.vault import Vault
from tests.program import run
from tests.reminders.conftest import MORNING, configure

MESSAGE = Message("studykit：14 张卡片到期", "14 张卡片到期，约 9 分钟", "14 张卡片到期，约 9 分钟\ncuda 4", 14, 9)


class Receiver:
    """A web server on this machine that keeps what it is sent and answers with `status`."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                receiver.got.append((self.path, self.rfile.read(length)))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.end_headers()
                self.wfile.write(b"{}")

            do_PUT = do_POST  # noqa: N815 - http.server's own form

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def web() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


def test_ntfy_gets_title_and_body(web: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYKIT_CHANNEL_PHONE", f"ntfy://{web.place}/topic")
    assert deliver(MESSAGE, ["phone"])[0].error == ""
    ((_path, body),) = web.got
    sent = json.loads(body)
    assert (sent["topic"], sent["title"]) == ("topic", MESSAGE.title)
    assert sent["message"] == MESSAGE.body


def test_a_webhook_gets_it_too_and_a_second_attempt_is_made(web: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYKIT_CHANNEL_WORK_HOOK", f"json://{web.place}/hook")
    web.statuses = [503]
    assert deliver(MESSAGE, ["work-hook"])[0].error == ""
    assert [path for path, _body in web.got] == ["/hook", "/hook"]
    assert json.loads(web.got[1][1])["message"].startswith("14 张卡片到期")


def test_a_refusal_is_said_with_its_status_and_no_secret(web: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYKIT_CHANNEL_PHONE", f"json://user:hunter2@{web.place}/secret-token")
    web.statuses = [401, 403]
    error = deliver(MESSAGE, ["phone"])[0].error
    assert "status 403" in error
    assert len(web.got) == 2  # the bound of attempts


def test_mail_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[bytes] = []

    class Sink:
        async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
            received.append(envelope.content)
            return "250 OK"

    mail = Controller(Sink(), hostname="127.0.0.1", port=_free_port())
    mail.start()
    try:
        address = f"mailto://127.0.0.1:{mail.port}?from=me@example.org&to=you@example.org&mode=insecure"
        monkeypatch.setenv("STUDYKIT_CHANNEL_MAIL", address)
        assert deliver(MESSAGE, ["mail"])[0].error == ""
    finally:
        mail.stop()
    letter = message_from_bytes(received[0], policy=default)
    assert letter["subject"] == MESSAGE.title
    assert any(
        "14 张卡片到期，约 9 分钟" in part.get_content() for part in letter.walk() if "text" in part["content-type"]
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.slow
def test_an_endpoint_that_hangs_is_left_after_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It takes the connection and drips a byte a second for ever, so that no time-out of the library's own helps."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_drip, args=(server,), daemon=True).start()
        monkeypatch.setenv("STUDYKIT_CHANNEL_PHONE", f"json://127.0.0.1:{server.getsockname()[1]}/")
        start = time.monotonic()
        slow, text = deliver(MESSAGE, ["phone", "text"])
        took = time.monotonic() - start
    assert "No answer within 10 seconds" in slow.error
    assert TIMEOUT <= took < 2 * TIMEOUT
    assert text.error == ""
    assert "14 张卡片到期" in capsys.readouterr().out


def _drip(server: socket.socket) -> None:
    try:
        while True:
            client, _address = server.accept()
            threading.Thread(target=_drip_to, args=(client,), daemon=True).start()
    except OSError:
        return


def _drip_to(client: socket.socket) -> None:
    try:
        client.sendall(b"HTTP/1.1 200 OK\r\nX-Wait: ")
        while True:
            client.sendall(b".")
            time.sleep(1)
    except OSError:
        return


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "Nobody gave an address for the channel phone"),
        ("nonsense://hunter2", "of no kind that is known"),
        ("not an address", "of no kind that is known"),
        (f"json://hunter2@127.0.0.1:{1}/", "could not be reached"),
    ],
)
def test_what_cannot_be_delivered_is_a_sentence(address: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYKIT_CHANNEL_PHONE", address)
    error = deliver(MESSAGE, ["phone"])[0].error
    assert said in error
    assert "hunter2" not in error


def test_a_secret_is_seen_nowhere(overdue: Vault, tmp_path: Path) -> None:
    """Not in what is printed, in the record, in the log or in any other file but the private one."""
    secret = "hunter2-token"
    done = run("remind", "channel", "phone", typed=f"json://{secret}@127.0.0.1:1/{secret}\n")
    assert done.returncode == ExitCode.OK, done.stderr
    private = Path(addresses.addresses_file())
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    vault = configure(overdue, '[remind]\nchannels = ["phone"]\nquiet_hours = []\n')
    for words in (("remind", "--once", "--json"), ("remind", "test"), ("remind", "status"), ("remind", "channel"),
                  ("config",), ("doctor",)):  # fmt: skip
        shown = run(*words)
        assert secret not in shown.stdout + shown.stderr, words
    assert record.read(vault.root)["result"] == record.FAILED
    for folder in (Path(vault.root), Path(os.environ["STUDYKIT_HOME"])):
        holders = [place for place in folder.rglob("*") if place.is_file() and secret.encode() in place.read_bytes()]
        assert holders in ([], [private])


def test_no_address_on_standard_input_is_a_sentence(overdue: Vault) -> None:
    done = run("remind", "channel", "phone")
    assert done.returncode == ExitCode.USAGE
    assert "No address came in" in done.stderr
    assert "Interrupted" not in done.stderr


def test_an_address_in_the_settings_is_refused_without_being_repeated(overdue: Vault) -> None:
    place = Path(overdue.root) / ".studykit" / "config.toml"
    place.parent.mkdir(exist_ok=True)
    place.write_text('[remind]\nchannels = ["json://hunter2@example.org"]\n')
    done = run("remind")
    assert done.returncode == ExitCode.SETTINGS
    assert "this is an address" in done.stderr
    assert "hunter2" not in done.stderr


def test_a_file_that_others_can_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses.keep_in_file("phone", "json://example.org")
    assert addresses.address("phone") == "json://example.org"
    Path(addresses.addresses_file()).chmod(0o640)
    with pytest.raises(ReminderError, match=r"mode 0640.*\n.*chmod 600"):
        addresses.address("phone")
    assert "can be read by others" in deliver(MESSAGE, ["phone"])[0].error


def test_addresses_are_kept_beside_each_other_and_taken_out() -> None:
    awkward = 'json://a"b\\c@example.org/\t?x=é'
    addresses.keep_in_file("one", awkward)
    addresses.keep_in_file("two", "json://two")
    assert addresses.read_file() == {"one": awkward, "two": "json://two"}
    addresses.keep_in_file("one", "")
    assert addresses.read_file() == {"two": "json://two"}


@pytest.mark.parametrize("name", ["", "Phone", "a b", "-a", "a/b", "a" * 33])
def test_a_name_is_a_plain_word(name: str, overdue: Vault) -> None:
    with pytest.raises(ReminderError, match="no name for a channel"):
        addresses.keep_in_file(name, "json://example.org")
    vault = configure(overdue, f"[remind]\nchannels = [{json.dumps(name)}]\nquiet_hours = []\n")
    assert remind_once(vault, MORNING).result == record.FAILED


class _Drawer(keyring.backend.KeyringBackend):
    """A keyring that keeps things in a dictionary; one without a drawer stands for a machine that has no keyring."""

    priority = 1.0

    def __init__(self, drawer: dict[tuple[str, str], str] | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.drawer = drawer

    def _open(self) -> dict[tuple[str, str], str]:
        if self.drawer is None:
            raise keyring.errors.NoKeyringError
        return self.drawer

    def get_password(self, service: str, username: str) -> str | None:
        return self._open().get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()[service, username] = password


def test_an_address_in_the_keyring_is_used_and_the_environment_comes_first(
    web: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(_Drawer({}))
        addresses.keep_in_keyring("phone", f"json://{web.place}/from-the-keyring")
        assert not Path(addresses.addresses_file()).exists()
        assert deliver(MESSAGE, ["phone"])[0].error == ""
        monkeypatch.setenv("STUDYKIT_CHANNEL_PHONE", f"json://{web.place}/from-the-environment")
        assert deliver(MESSAGE, ["phone"])[0].error == ""
        assert [path for path, _body in web.got] == ["/from-the-keyring", "/from-the-environment"]
        keyring.set_keyring(_Drawer(None))
        with pytest.raises(ReminderError, match="The keyring took nothing"):
            addresses.keep_in_keyring("phone", "json://example.org")
        monkeypatch.delenv("STUDYKIT_CHANNEL_PHONE")
        assert "Nobody gave an address" in deliver(MESSAGE, ["phone"])[0].error
    finally:
        keyring.set_keyring(before)
