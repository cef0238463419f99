"""`fordel demo`: the whole way, again from what is there, and the pages served to this machine alone."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import fordel.demo
from fordel.cli import app
from fordel.cli._serve import open_server
from fordel.stores import read_snapshot, write_snapshot
from fordel.tables import Tables
from small_country import small_country_tables


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, small_country: Tables) -> list[str]:
    """Let the small country be the demo, and count how often it is made."""
    calls: list[str] = []

    def make_snapshot(progress: Callable[[str], None] | None = None) -> Tables:
        calls.append("made")
        return small_country

    monkeypatch.setattr(fordel.demo, "make_snapshot", make_snapshot)
    return calls


def demo(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["demo", *arguments])


def make(to: Path) -> Result:
    return demo("make", "--to", str(to))


def test_all_is_made_and_said_and_the_second_time_used_again(made: list[str], tmp_path: Path) -> None:
    first = make(tmp_path / "out")
    assert first.exit_code == 0, first.output
    assert "Synthetic data" in first.output
    assert str(tmp_path / "out" / "report" / "index.html") in first.output
    assert "there already" not in first.output
    runs = list((tmp_path / "out" / "runs").iterdir())
    second = make(tmp_path / "out")
    assert second.output.count("(there already)") == 2
    assert list((tmp_path / "out" / "runs").iterdir()) == runs
    assert made == ["made"]


def test_another_day_is_another_run_on_the_same_snapshot(made: list[str], tmp_path: Path) -> None:
    make(tmp_path)
    assert demo("make", "--to", str(tmp_path), "--on", "2027-01-01").exit_code == 0
    assert sorted(run.name[:10] for run in (tmp_path / "runs").iterdir()) == ["2026-02-01", "2027-01-01"]
    assert "1. januar 2027" in (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert made == ["made"]


def test_another_recipe_makes_the_snapshot_anew(made: list[str], tmp_path: Path) -> None:
    make(tmp_path)
    seal = tmp_path / "snapshot.made.json"
    seal.write_text(json.dumps({**json.loads(seal.read_text()), "recipe": "older"}))
    assert make(tmp_path).exit_code == 0
    assert made == ["made", "made"]


def test_a_snapshot_cut_short_is_made_anew(made: list[str], tmp_path: Path) -> None:
    make(tmp_path)
    shutil.rmtree(tmp_path / "snapshot")
    assert make(tmp_path).exit_code == 0
    assert made == ["made", "made"]


def test_a_snapshot_of_the_user_s_own_is_left_alone(made: list[str], small_country: Tables, tmp_path: Path) -> None:
    write_snapshot(small_country, tmp_path / "snapshot")
    result = make(tmp_path)
    assert result.exit_code == 2
    assert "was not made by `fordel demo`" in result.output
    assert made == []


def test_a_snapshot_put_in_its_place_is_not_called_the_demo(made: list[str], tmp_path: Path) -> None:
    make(tmp_path)
    other = small_country_tables()
    write_snapshot(Tables.of("Another", other.snapshot_date, **other.frames()), tmp_path / "snapshot")
    result = make(tmp_path)
    assert result.exit_code == 2
    assert "no longer the demo snapshot" in result.output
    assert read_snapshot(tmp_path / "snapshot").name == "Another"


def test_a_day_before_the_model_is_a_sentence(made: list[str], tmp_path: Path) -> None:
    result = demo("make", "--to", str(tmp_path), "--on", "2024-01-01")
    assert result.exit_code == 2
    assert "not in force on 2024-01-01" in result.output
    assert not (tmp_path / "report").exists()


def test_no_serve_makes_and_leaves(made: list[str], tmp_path: Path) -> None:
    result = demo("run", "--no-serve", "--to", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert "http://" not in result.output


def test_a_taken_port_is_said_before_any_work_is_done(made: list[str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = demo("run", "--to", str(tmp_path), "--port", str(port))
    assert result.exit_code == 2
    assert f"Port {port} on 127.0.0.1 cannot be used: another program has it." in result.output
    assert made == []


def test_ctrl_c_leaves_tidily(made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(server: ThreadingHTTPServer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ThreadingHTTPServer, "serve_forever", interrupted)
    result = demo("run", "--to", str(tmp_path), "--port", "0")
    assert result.exit_code == 0, result.output
    assert "Open http://127.0.0.1:" in result.output
    assert "Stopped." in result.output


@contextmanager
def served(folder: Path) -> Iterator[int]:
    with open_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def ask(port: int, path: str, host: str = "127.0.0.1") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host if host != "127.0.0.1" else f"127.0.0.1:{port}"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_pages_are_served_with_their_type_and_to_this_machine_s_name_only(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "index.html").write_text("<!DOCTYPE html><title>æøå</title>", encoding="utf-8")
    (tmp_path / "report" / "folder").mkdir()
    (tmp_path / "secret").write_text("secret")
    with served(tmp_path / "report") as port:
        page = ask(port, "/")
        assert page.status == 200
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert ask(port, "/nothing.html").status == 404
        assert ask(port, "/folder/").status == 404
        assert ask(port, "/../secret").status == 404
        assert ask(port, "/%2e%2e/secret").status == 404
        assert ask(port, "/", host="evil.example:80").status == 421
        assert ask(port, "/", host=f"localhost:{port}").status == 200


def test_a_reader_who_leaves_early_is_no_fault(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "index.html").write_bytes(b"x" * 20_000_000)
    with served(tmp_path) as port:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port)) as reader:
                reader.sendall(f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                assert reader.recv(100).startswith(b"HTTP/1.0 200")
    assert "Traceback" not in capfd.readouterr().err
