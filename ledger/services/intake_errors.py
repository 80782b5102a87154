"""Why an intake job, or a row of one, is not what was asked for."""

from __future__ import annotations

from ledger.errors import RecordError


class IntakeAbsent(RecordError):
    """There is no such job for this reader; another organisation's is absent alike."""

    code = "intake.absent"
    job: str
    en = "there is no upload {job}"
    zh = "没有上传任务 {job}"
    fix_en = "See the list of uploads"
    fix_zh = "请查看上传列表"


class IntakeSize(RecordError):
    """A file, or a part of one, of more bytes than are taken, or of none."""

    code = "intake.size"
    size: int
    limit: int
    en = "{size} bytes; 1 to {limit} are taken"
    zh = "大小为 {size} 字节，应为 1 至 {limit} 字节"
    fix_en = "Split the file; the same row in two files is one record"
    fix_zh = "请拆分文件；同一行出现在两个文件中仍是一条记录"


class PartMisplaced(RecordError):
    """A part that does not begin where the last one ended, or goes beyond the file."""

    code = "intake.offset"
    offset: int
    received: int
    en = "a part for offset {offset} came, {received} bytes are here"
    zh = "收到偏移量为 {offset} 的分块，而已收到 {received} 字节"
    fix_en = "Go on from {received}"
    fix_zh = "请从 {received} 继续"


class UploadDiffers(RecordError):
    """A file whose bytes are not those that were hashed before they were sent."""

    code = "intake.hash"
    expected: str
    got: str
    en = "the file arrived with SHA-256 {got}, it was announced with {expected}"
    zh = "收到的文件 SHA-256 为 {got}，发送前为 {expected}"
    fix_en = "Send it again; if that fails, the file changes while it is read: close it in other programs"
    fix_zh = "请重新发送；若仍失败，说明文件在读取时被改动，请先在其他程序中关闭它"


class IntakeStage(RecordError):
    """Something that a job's stage does not allow."""

    code = "intake.stage"
    job: str
    stage: str
    en = "upload {job} is {stage}; that cannot be done with it now"
    zh = "上传任务 {job} 处于 {stage} 阶段，现在不能这样做"
    fix_en = "Reload its page to see what can be done"
    fix_zh = "请刷新页面查看可用的操作"


class NothingToSubmit(RecordError):
    """A file without a good row."""

    code = "intake.nothing"
    job: str
    en = "upload {job} has no good row"
    zh = "上传任务 {job} 没有合格的行"
    fix_en = "Correct the rows of the error file and upload that"
    fix_zh = "请改正错误文件中的行后重新上传"


class FileEmpty(RecordError):
    """A table with headings and no row below them."""

    code = "intake.empty"
    en = "there is no row below the headings"
    zh = "表头下方没有数据行"
    fix_en = "Fill in the template and upload it again"
    fix_zh = "请填写模板后重新上传"


class TooManyFileRows(RecordError):
    """A file of more rows than are taken at once."""

    code = "intake.rows"
    limit: int
    en = "the file has more than {limit} rows"
    zh = "文件超过 {limit} 行"
    fix_en = "Split the file; the same row in two files is one record"
    fix_zh = "请拆分文件；同一行出现在两个文件中仍是一条记录"


class IntakeFailed(RecordError):
    """Something on the server that nobody foresaw; its log has it."""

    code = "intake.failed"
    en = "the work on this file failed on the server"
    zh = "服务器处理该文件时出错"
    fix_en = "Tell the operator the number of the upload; nothing was recorded in part of a row"
    fix_zh = "请将上传编号告知运维人员；没有任何一行被部分录入"


class RowRepeated(RecordError):
    """Two rows of one file with one key and different contents."""

    code = "intake.row-repeated"
    record_id: str
    first: int
    en = "row {first} has the same key, {record_id}, with other content"
    zh = "与第 {first} 行编号相同（{record_id}），但内容不同"
    fix_en = "Keep one of the two rows, or give this one a number of its own"
    fix_zh = "请只保留其中一行，或为本行另编号"
