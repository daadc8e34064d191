"""Text files of before UTF-8 are read in the letters they were written in."""

import io

import pytest

from directory.formats.readers.delimited import text_encoding

ROW = "Sûreté du Québec,Sacré-Cœur,QC,“façade” à l’entrée – près du hall,où"


@pytest.mark.parametrize(("saved_as", "read_as"), [("utf-8", "utf-8-sig"), ("cp1252", "cp1252"), ("mac_roman",) * 2])
def test_accents_tell_windows_from_old_macs(saved_as: str, read_as: str) -> None:
    content = ROW.encode(saved_as)
    encoding = text_encoding(io.BytesIO(content))
    assert (encoding, content.decode(encoding)) == (read_as, ROW)
