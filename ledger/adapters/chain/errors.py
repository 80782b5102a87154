"""What goes wrong between the services and a chain, beside the leaves in ``ledger.ports``."""

from __future__ import annotations

from ledger.errors import ChainError


class ChainUrlUnknown(ChainError):
    """No back end is listed for the scheme of the URL."""

    code = "chain.url-unknown"
    url: str
    known: str
    en = "no chain back end for {url}; known are {known}"
    zh = "无法识别区块链地址 {url}；可用的形式有：{known}"
    fix_en = "Set CHAIN_URL to embedded: or to the http(s) address of a node"
    fix_zh = "请将 CHAIN_URL 设为 embedded: 或节点的 http(s) 地址"


class ChainFileInUse(ChainError):
    """Another process owns the file of the embedded chain and does not serve it."""

    code = "chain.file-in-use"
    path: str
    en = "another process has the chain file {path} open"
    zh = "链数据文件 {path} 正被另一个进程使用"
    fix_en = "Stop the other process, or let it serve its chain on 127.0.0.1 (ONECODE_CHAIN_PORT) and try again"
    fix_zh = "请停止该进程，或让其在 127.0.0.1 上提供链服务（ONECODE_CHAIN_PORT）后重试"


class ChainFileUnreadable(ChainError):
    """The file is not an embedded chain, is damaged, or belongs to another chain id."""

    code = "chain.file-unreadable"
    path: str
    reason: str
    en = "{path} cannot be used as a chain file: {reason}"
    zh = "{path} 不能用作链数据文件：{reason}"
    fix_en = "Restore the file from a backup; do not delete it while the ledger refers to it"
    fix_zh = "请从备份恢复该文件；账本仍引用它时请勿删除"


class TransactionRejected(ChainError):
    """The node answered, and does not take the transaction."""

    code = "chain.transaction-rejected"
    retryable = True
    reason: str
    en = "the node does not take the transaction: {reason}"
    zh = "节点未接受该交易：{reason}"
    fix_en = "Check the account's balance and the gas price the network asks for"
    fix_zh = "请检查账户余额与网络要求的 gas 价格"


class NodesDisagree(ChainError):
    """Two nodes of one network tell different things of a block that should be final."""

    code = "chain.nodes-disagree"
    retryable = True
    url: str
    block: int
    en = "the node at {url} contradicts what another node says of block {block}; nothing is confirmed"
    zh = "节点 {url} 对区块 {block} 的说法与其他节点不一致；暂不确认"
    fix_en = "In a reorganisation this passes by itself. Else one node lies or is on another branch: compare them"
    fix_zh = "网络重组时稍后会自行恢复；否则有节点不实或处于其他分支，请逐一比对"


class NoSigner(ChainError):
    """The chain was opened for reading only."""

    code = "chain.no-signer"
    en = "this process has no chain key, so it can read but not anchor"
    zh = "本进程没有配置链上账户密钥，只能读取，不能上链"
    fix_en = "Run this where the ledger's keystore is, or set ONECODE_SIGNER_URL and ONECODE_SIGNER_ADDRESS"
    fix_zh = "请在存有账本密钥文件的机器上运行，或设置 ONECODE_SIGNER_URL 与 ONECODE_SIGNER_ADDRESS"


class KeystoreUnreadable(ChainError):
    """The keystore or its passphrase cannot be used."""

    code = "chain.keystore-unreadable"
    path: str
    reason: str
    en = "the chain key in {path} cannot be used: {reason}"
    zh = "无法使用 {path} 中的链上密钥：{reason}"
    fix_en = "Check the keystore and the passphrase file; restore both from the same backup"
    fix_zh = "请检查密钥文件与口令文件；两者须取自同一份备份"


class KeystoreExposed(ChainError):
    """Other accounts of the machine can read the key or its passphrase."""

    code = "chain.keystore-exposed"
    path: str
    mode: str
    en = "{path} has mode {mode}; a key file must be readable by its owner alone"
    zh = "{path} 的权限为 {mode}；密钥文件只能由其所有者读取"
    fix_en = "chmod 600 {path}"
    fix_zh = "请执行 chmod 600 {path}"


class SignerUnavailable(ChainError):
    """The external signer did not answer, or not as it should."""

    code = "chain.signer-unavailable"
    retryable = True
    url: str
    reason: str
    en = "the signer at {url} did not sign: {reason}"
    zh = "签名服务 {url} 未能签名：{reason}"
    fix_en = "Check that the signer runs and holds the key of the account"
    fix_zh = "请确认签名服务正在运行并持有该账户的密钥"
