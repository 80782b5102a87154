"""Leaves of ProgrammeError: what a supplier or the house cannot do so in the supplier programme."""

from __future__ import annotations

from ledger.errors import ProgrammeError


class CertificateUnknown(ProgrammeError):
    """No such certificate, or one that is somebody else's."""

    code = "programme.certificate-absent"
    certificate: str
    en = "there is no certificate {certificate}"
    zh = "没有证书 {certificate}"
    fix_en = "Compare the id with the list of certificates"
    fix_zh = "请与证书列表核对编号"


class OwnCertificate(ProgrammeError):
    """Somebody of the organisation whose certificate it is."""

    code = "programme.own-certificate"
    organisation: str
    en = "{organisation} cannot state what became of its own certificate"
    zh = "{organisation} 不能认定自己证书的状态"
    fix_en = "Have the house, or a verifier of another organisation, compare it with the issuer's register"
    fix_zh = "请由采购方或其他机构的核查人员与发证机构的登记核对"


class CertificateStepRefused(ProgrammeError):
    """A step that a certificate does not take as it stands, or a time that lies ahead."""

    code = "programme.certificate-step"
    certificate: str
    step: str
    state: str
    en = "the certificate {certificate} is {state}: {step} is not possible from that time"
    zh = "证书 {certificate} 的状态为 {state}，不能自该时间起 {step}"
    fix_en = "A revoked certificate stays revoked; only a suspended one is reinstated; no step takes effect in future"
    fix_zh = "已撤销的证书不可恢复；仅暂停的证书可恢复；任何状态不得自未来时间起生效"


class SchemeUnknown(ProgrammeError):
    """A name that is no scheme of certification that the registry has."""

    code = "programme.scheme"
    text: str
    known: str
    en = "{text!r} is none of {known}"
    zh = "“{text}”不是登记簿所列的认证：{known}"
    fix_en = "Write the standard that stands on the certificate; an edition such as :2015 may follow"
    fix_zh = "请填写证书上的标准编号，可带版本年份，如 :2015"


class OtherOrganisation(ProgrammeError):
    """A supplier's account that hands in for another organisation."""

    code = "programme.other-organisation"
    supplier: str
    en = "this account does not act for {supplier}"
    zh = "此账户不代表 {supplier}"
    fix_en = "Name your own organisation as the supplier"
    fix_zh = "供应商请填写本机构编号"
