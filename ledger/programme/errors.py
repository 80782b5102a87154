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


class AssessmentUnknown(ProgrammeError):
    """No such assessment, or one that is somebody else's."""

    code = "programme.assessment-absent"
    assessment: str
    en = "there is no assessment {assessment}"
    zh = "没有评估 {assessment}"
    fix_en = "Compare the id with the list of assessments"
    fix_zh = "请与评估列表核对编号"


class AssessmentSchemeUnknown(ProgrammeError):
    """No such edition was published."""

    code = "programme.assessment-scheme-absent"
    scheme: str
    en = "no scheme of assessment {scheme} was published"
    zh = "没有已发布的评估方案 {scheme}"
    fix_en = "Publish it first, or name one of those on the page of assessments"
    fix_zh = "请先发布，或选用评估页面上的方案"


class OwnAssessment(ProgrammeError):
    """A step that is the other side's: suppliers answer for themselves, and others judge."""

    code = "programme.own-assessment"
    step: str
    organisation: str
    en = "the step {step} of an assessment is not {organisation}'s to take"
    zh = "{organisation} 不能进行评估步骤 {step}"
    fix_en = "The supplier answers for itself; the house or a verifier of another organisation scores and closes"
    fix_zh = "供应商只为本机构作答；评分与关闭由采购方或其他机构的核查人员进行"


class AssessmentStepRefused(ProgrammeError):
    """A step that an assessment does not take as it stands."""

    code = "programme.assessment-step"
    assessment: str
    step: str
    why: str
    why_zh: str
    en = "the assessment {assessment} does not take {step}: {why}"
    zh = "评估 {assessment} 不能进行 {step}：{why_zh}"
    fix_en = "Look at the assessment as it stands and take a step that it offers"
    fix_zh = "请查看评估当前状态，进行页面所列的步骤"


class QuestionsDiffer(ProgrammeError):
    """Answers or marks that are not those of the edition: a question left out, one too many, points of no level."""

    code = "programme.assessment-questions"
    question: str
    why: str
    why_zh: str
    en = "question {question}: {why}"
    zh = "问题 {question}：{why_zh}"
    fix_en = "Answer each question of the edition once, by one of its levels"
    fix_zh = "请对该版方案的每个问题选择一个等级"


class NotShown(ProgrammeError):
    """Points for an answer that nothing shows, or evidence that is not there."""

    code = "programme.assessment-evidence"
    question: str
    why: str
    why_zh: str
    en = "question {question}: {why}"
    zh = "问题 {question}：{why_zh}"
    fix_en = "Hand the file in about this assessment, or have the certificate confirmed; until then mark 0"
    fix_zh = "请就本评估提交文件，或由采购方确认证书；在此之前只能评 0 分"


class PledgeUnknown(ProgrammeError):
    """No such pledge, or one that is somebody else's."""

    code = "programme.pledge-absent"
    pledge: str
    en = "there is no pledge {pledge}"
    zh = "没有承诺 {pledge}"
    fix_en = "Compare the id with the page of commitments"
    fix_zh = "请与承诺页面核对编号"
