"""Statements as banks write them, put together from pieces, and what the command reads in them."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.processes import ROOT, environment

IBAN = "DE02120300000000202051"
URN = "urn:iso:std:iso:20022:tech:xsd:camt.053.001"


def camt(*entries: str, version: str = "08", **more: Any) -> str:
    """A camt.053 with one statement over `entries`; `root` replaces the whole opening tag."""
    root = more.get("root", f'<Document xmlns="{URN}.{version}">')
    end = more.get("end", "</Document>")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{more.get("doctype", "")}{root}<BkToCstmrStmt>'
        "<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-03-03T06:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>1</Id><Acct><Id><IBAN>{more.get('iban', IBAN)}</IBAN></Id></Acct>"
        f"{more.get('balances', '')}{''.join(entries)}</Stmt></BkToCstmrStmt>{end}"
    )


def balance(kind: str, amount: str, sign: str = "CRDT") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>'
    )


def entry(amount: str = "25.00", sign: str = "CRDT", *details: str, **more: Any) -> str:
    """An entry; `details` are the items inside it."""
    inside = f"<NtryDtls>{''.join(details)}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="{more.get("currency", "EUR")}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"{more.get('reversal', '')}{more.get('status', '<Sts><Cd>BOOK</Cd></Sts>')}"
        f"{more.get('booked', '<BookgDt><Dt>2026-03-02</Dt></BookgDt>')}"
        f"{more.get('value', '<ValDt><Dt>2026-03-03</Dt></ValDt>')}"
        f"{more.get('reference', '')}{inside}{more.get('remark', '')}</Ntry>"
    )


def item(*pieces: str) -> str:
    return f"<TxDtls>{''.join(pieces)}</TxDtls>"


def text(*pieces: str) -> str:
    return f"<RmtInf>{''.join(f'<Ustrd>{piece}</Ustrd>' for piece in pieces)}</RmtInf>"


def mt940(*lines: str, opening: str = "C260301EUR100,00", closing: str = "C260302EUR125,00") -> str:
    return "\r\n".join(
        [
            ":20:STARTUMS",
            f":25:{IBAN}",
            ":28C:00001/001",
            f":60F:{opening}",
            *lines,
            f":62F:{closing}",
            "-",
            "",
        ]
    )


def archive(**members: bytes) -> bytes:
    """A zip file; a member's name is written with `_` for its dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name.replace("_", "."), content)
    return out.getvalue()


def said(folder: Path, content: str | bytes) -> Any:
    """What `read_statement` prints of a file with this content."""
    path = folder / "statement"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    out = io.StringIO()
    code = 0
    try:
        call_command("read_statement", str(path), stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    answer = json.loads(out.getvalue())
    assert (list(answer), code) in [(["entries", "flags"], 0), (["error"], 1)]
    return answer


def entries(folder: Path, content: str | bytes) -> list[dict[str, str]]:
    answer = said(folder, content)
    assert "error" not in answer, answer
    read: list[dict[str, str]] = answer["entries"]
    return read


def peak_megabytes(path: Path, *, out: Path) -> int:
    """Run the command in a process of its own, its output into `out`; the most memory it held.

    Read from /proc: what getrusage tells holds the memory of the process that forked it, too.
    """
    script = (
        "import re, sys;"
        "from django.core.management import execute_from_command_line as run;"
        f"run(['manage.py', 'read_statement', {str(path)!r}]);"
        "peak = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1];"
        "print(int(peak) // 1024, file=sys.stderr)"
    )
    with out.open("wb") as printed:
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=environment(),
            stdout=printed,
            stderr=subprocess.PIPE,
            check=True,
        )
    return int(done.stderr.split()[-1])
