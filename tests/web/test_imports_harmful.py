"""Files that are meant to do harm, that are too large, or that somebody made up: refused with a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from fordel.runs.imports import KINDS, Capacities, MaximaGiven
from fordel.runs.record import read_run
from fordel.stores import BadInput, read_table
from fordel.tables import SCHEMAS, Tables
from fordel.web.imports import examples, forms, uploads, views
from fordel.web.imports.models import Import, State
from fordel.web.runs.models import FinishedRun
from fordel.worker import tasks
from web.test_imports import computed, csv_of, send

HOSTILE = '=HYPERLINK("http://example.org";"x")<script>alert(1)</script>'
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


def test_text_that_would_be_a_formula_or_a_script_is_text(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, small_country: Tables
) -> None:
    name = pl.when(pl.col("practice_id") == small_country.practices["practice_id"][0]).then(pl.lit(HOSTILE))
    client = signed_in("analyst")
    hostile = csv_of(small_country.practices.with_columns(name=name.otherwise("name")))
    made = send(client, rolled_back, "practices", "=cmd()<b>.csv", hostile)
    assert made.state == State.READY, made.faults
    raw = client.get(f"/import/{made.pk}/").content.decode()
    assert "<script>alert" not in raw
    assert "<b>" not in raw
    client.post(f"/import/{made.pk}/bekraeft/")
    tasks.save_import(import_id=made.pk)
    made.refresh_from_db()
    assert made.snapshot is not None
    run = computed(made.snapshot)
    from fordel.publish.export import export_run

    export_run(read_run(settings.HOME / run.folder), settings.HOME / "export", ["csv"], lang="da")
    exported = (settings.HOME / "export" / "practices.csv").read_text("utf-8-sig")
    assert ";\"'=HYPERLINK" in exported or ";'=HYPERLINK" in exported
    assert ";=HYPERLINK" not in exported.replace('"', "")


def bomb() -> bytes:
    """A workbook of some kilobytes that unpacks to 600 MiB."""
    packed = io.BytesIO()
    zeros = bytes(2**22)
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        for _ in range(150):
            sheet.write(zeros)
    return packed.getvalue()


def wide(columns: int) -> bytes:
    return (",".join(f"c{n}" for n in range(columns)) + "\n").encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bombe.xlsx", bomb),
        ("bred.csv", lambda: wide(10**6)),
        ("ingenting.xlsx", lambda: b"PK\x03\x04 no archive"),
        ("bytes.parquet", lambda: b"PAR1" + b"\xff" * 300 + b"PAR1"),
        ("null.csv", lambda: b"\0" * 1000),
        ("citat.csv", lambda: b'practice_id,"name\n' * 1000),
    ],
)
def test_a_file_that_means_harm_is_refused_with_a_reason(
    name: str, content: Callable[[], bytes], signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    made = send(signed_in("analyst"), rolled_back, "practices", name, content())
    assert made.state == State.REFUSED
    assert all(fault[lang]["found"] and fault[lang]["remedy"] for fault in made.faults for lang in ("da", "en"))
    assert "program" not in [fault["code"] for fault in made.faults]


def test_a_request_that_is_too_large_is_not_read(signed_in: Callable[[str], Client]) -> None:
    class Never(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("read")

    client = signed_in("analyst")
    told = {
        "CONTENT_LENGTH": str(uploads.MOST + 1),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": Never(),
    }
    answer = client.generic("POST", "/import/ny/", **told)  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert "Højst 64 MB" in unescape(answer.content.decode())


def test_a_form_without_a_good_file_says_so(signed_in: Callable[[str], Client], rolled_back: FinishedRun) -> None:
    client, base = signed_in("analyst"), {"base": rolled_back.snapshot_id, "kind": "practices"}
    for file, words in (
        (None, "Vælg en fil"),
        (SimpleUploadedFile("a.csv", b""), "Filen er tom"),
        (SimpleUploadedFile("a.exe", b"MZ"), "skal ende på"),
    ):
        answer = client.post("/import/ny/", base | ({"file": file} if file else {}))
        assert answer.status_code == 422
        assert words in unescape(answer.content.decode())
    assert not Import.objects.exists()


@pytest.mark.parametrize("form", examples.FORMS)
@pytest.mark.parametrize("kind", views.EXAMPLES)
def test_the_examples_are_read_without_fault(kind: str, form: str, tmp_path: Path) -> None:
    (tmp_path / f"{kind}.{form}").write_bytes(examples.content(kind, form))
    schema = {"capacities": Capacities, "stated_maxima": MaximaGiven}.get(kind) or SCHEMAS[kind]
    assert read_table(tmp_path / f"{kind}.{form}", schema).height > 1


def test_the_form_offers_what_the_reader_knows() -> None:
    assert set(forms.KINDS) == KINDS.keys() - {"registrations"}


ANYTHING = st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
HEADER = b"practice_id;capacities_released;capacities_filled;open_to_new\n"


@how(max_examples=400, suppress_health_check=list(HealthCheck))
@given(content=ANYTHING, before=st.sampled_from([b"", HEADER]), suffix=st.sampled_from(forms.SUFFIXES))
def test_files_made_up_at_random_are_read_or_refused(
    content: bytes, before: bytes, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"made-up{suffix}"
    path.write_bytes(before + content)
    with suppress(BadInput):
        assert read_table(path, Capacities).height
