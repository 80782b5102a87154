"""Certificates of suppliers: one row is one certificate, as it reads."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.names import names
from ledger.programme.errors import SchemeUnknown
from ledger.programme.schemes import SCHEMES, scheme_named
from ledger.records.supplier_certificate import SupplierCertificate


def scheme(text: str) -> str:
    """The scheme of a name as it stands on the certificate. Raises ``SchemeUnknown``."""
    found = scheme_named(cell.name(text))
    if found is None:
        raise SchemeUnknown(text=text[:80], known=", ".join(one.name for one in SCHEMES))
    return found.name


COLUMNS = (
    Column("supplier", "供应商编号", "supplier", cell.name, ("供应商", "organisation"), example="wumen-guangtong"),
    Column("scheme", "认证标准", "scheme", scheme, ("标准", "认证", "standard"), example="ISO 14001:2015"),
    Column("number", "证书编号", "number", cell.code, ("证号", "certificate no"), example="00123E30456R1M"),
    Column("issuer", "发证机构", "issuer", cell.name, ("认证机构", "certification body"), example="示例认证中心"),
    Column("accreditation", "认可机构", "accreditation", cell.name, ("认可标志", "accredited by"), needed=False,
           example="CNAS"),
    Column("scope", "认证范围", "scope", cell.name, ("范围",), example="光网络终端的设计与制造"),
    Column("sites", "场所", "sites", names, ("地址",), needed=False, example="示例市吴门路1号"),
    Column("valid_from", "有效期起", "valid from", cell.day, ("发证日期", "生效日期"), example="2026-01-15"),
    Column("valid_to", "有效期止", "valid to", cell.day, ("到期日期", "有效期至", "expires"), example="2029-01-14"),
    Column("evidence", "证据 SHA-256", "evidence sha256", names, ("证据",), needed=False),
    Column("stated_at", "登记时间", "stated at", cell.moment, ("声明时间",), unit="time", example="2026-02-01",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip
_NAMING = ("supplier", "scheme", "issuer", "number", "valid_from")


def build(values: Values) -> SupplierCertificate:
    """The certificate of a row; supplier, scheme, issuer, number and first day make its id."""
    named = "\n".join(str(values[key]) for key in _NAMING)
    fields = {key: value for key, value in values.items() if key != "stated_at"} | {
        "id": "supplier-certificate:" + sha256(named.encode()).hexdigest()[:40],
        "kind": "supplier_certificate",
        "occurred_at": values["stated_at"],
        "version": 1,
    }
    return msgspec.convert(fields, SupplierCertificate)


SUPPLIER_CERTIFICATE = Form(
    kind="supplier_certificate",
    zh="供应商证书",
    en="supplier certificates",
    columns=COLUMNS,
    build=build,
    fields={"id": "number", "occurred_at": "stated_at"},
)
