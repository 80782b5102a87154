// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {ICheckpointRegistry} from "./ICheckpointRegistry.sol";
import {IConsortium} from "./IConsortium.sol";

/// @title The organisations behind one checkpoint registry
/// @notice Administrator of the registry in place of a person. The registry's rules are its own and stay what they are:
/// nothing decided here can drop, reorder, fork or rewrite a checkpoint.
contract Consortium is IConsortium {
    uint8 private constant ANCHOR = 1;
    uint8 private constant GUARDIAN = 4;
    uint8 private constant EVERY_ROLE = 7;

    /// @notice How long a decision can be approved; a pause is for what happens now.
    uint64 public constant LIFETIME = 14 days;
    uint64 public constant PAUSE_LIFETIME = 1 days;

    /// @notice Bounds that keep every loop short.
    uint256 public constant MOST_ADMISSIONS = 255;
    uint256 public constant MOST_ANCHORS = 32;

    bytes32 private constant ADMIN_ROLE = 0;
    bytes32 private constant ANCHOR_ROLE = keccak256("ANCHOR_ROLE");

    /// @dev Which fields a kind uses, by position of the kind, four bits each: organisation 1, account 2, roles 4, quorums 8.
    uint256 private constant USES = 0x008133359F;

    struct Proposal {
        Change change;
        uint256 approvals;
        uint64 expires;
        bool carried;
    }

    /// @dev Read and written together: one slot.
    struct Rules {
        uint8 quorum;
        uint8 pauseQuorum;
        bool paused;
        uint64 changed;
        address registry;
    }

    Rules private _rules;

    /// @dev One bit an organisation, by number.
    uint256 private _members;
    uint256 private _guardians;

    bytes32[] private _ids;
    mapping(bytes32 id => Organisation) private _organisations;
    mapping(address account => bytes32 id) private _decides;
    address[] private _anchors;
    mapping(address account => bytes32 id) private _anchorsFor;
    mapping(bytes32 id => Key[]) private _keys;
    mapping(bytes32 key => bool) private _keyKnown;
    mapping(bytes32 id => Proposal) private _proposals;

    /// @dev How often a decision was carried or ran out: the next time it is another proposal.
    mapping(bytes32 change => uint256) private _rounds;

    /// @param registry_ The registry whose administrator this contract is to be.
    /// @param founders Organisations of the first hour; from here on only they decide.
    constructor(address registry_, Founder[] memory founders, uint8 quorum, uint8 pauseQuorum) {
        _rules.registry = registry_;
        _changing();
        for (uint256 i = 0; i < founders.length; i++) {
            Founder memory one = founders[i];
            if (one.id == 0 || one.account == address(0) || one.roles > EVERY_ROLE) revert ConsortiumMisshapen();
            _admit(one.id, one.account, one.roles);
            if (one.anchor != address(0)) _addAnchor(one.id, one.anchor);
            if (one.key != 0) _registerKey(one.id, one.key, one.fromSize);
        }
        _setQuorum(quorum, pauseQuorum);
    }

    // ------------------------------------------------------------ decisions of several

    /// @inheritdoc IConsortium
    function propose(Change calldata change) external returns (bytes32 id) {
        (bytes32 caller, uint256 bit) = _caller(change.kind);
        _checkShape(change);
        if (change.kind == Kind.Pause ? _rules.paused : change.kind == Kind.Unpause && !_rules.paused) return 0;
        bytes32 content = keccak256(abi.encode(change));
        id = keccak256(abi.encode(content, _rounds[content]));
        Proposal storage open = _proposals[id];
        if (open.expires != 0 && open.expires < block.timestamp) {
            id = keccak256(abi.encode(content, ++_rounds[content]));
            open = _proposals[id];
        }
        if (open.expires != 0) {
            _approve(id, caller, bit);
            return id;
        }
        open.change = change;
        open.expires = uint64(block.timestamp) + (change.kind == Kind.Pause ? PAUSE_LIFETIME : LIFETIME);
        open.approvals = bit;
        _changing();
        emit Proposed(id, caller, change, open.expires);
        _carry(id);
    }

    /// @inheritdoc IConsortium
    function approve(bytes32 id) external {
        Proposal storage open = _proposals[id];
        (bytes32 caller, uint256 bit) = _caller(open.change.kind);
        if (open.expires == 0) revert ConsortiumNoProposal(id);
        if (open.carried) return;
        if (open.expires < block.timestamp) revert ConsortiumExpired(id);
        _approve(id, caller, bit);
    }

    /// @inheritdoc IConsortium
    function withdraw(bytes32 id) external {
        (bytes32 caller, uint256 bit) = _caller(Kind.Admit);
        Proposal storage open = _proposals[id];
        if (open.carried || open.approvals & bit == 0) return;
        open.approvals &= ~bit;
        _changing();
        emit ApprovalWithdrawn(id, caller);
    }

    function _approve(bytes32 id, bytes32 caller, uint256 bit) private {
        Proposal storage open = _proposals[id];
        if (open.approvals & bit == 0) {
            open.approvals |= bit;
            _changing();
            emit Approved(id, caller);
        }
        _carry(id);
    }

    /// @dev Approvals of organisations that are gone do not count, nor for a pause those of whoever is no guardian.
    function _carry(bytes32 id) private {
        Proposal storage open = _proposals[id];
        (uint256 counting, uint256 needed) = _standing(open);
        if (counting < needed) return;
        Change memory change = open.change;
        open.carried = true;
        ++_rounds[keccak256(abi.encode(change))];
        _changing();
        emit Carried(id);
        _apply(change);
    }

    function _apply(Change memory change) private {
        (Kind kind, bytes32 id) = (change.kind, change.organisation);
        if (kind == Kind.Admit) {
            _admit(id, change.account, change.roles);
        } else if (kind == Kind.Pause || kind == Kind.Unpause) {
            _rules.paused = kind == Kind.Pause;
            if (kind == Kind.Pause) emit Paused();
            else emit Unpaused();
        } else if (kind != Kind.SetQuorum) {
            Organisation storage one = _present(id);
            if (kind == Kind.Remove) _remove(id, one);
            else if (kind == Kind.SetRoles) _setRoles(id, one, change.roles);
            else if (kind == Kind.SetAccount) _setAccount(id, one, change.account);
            else if (kind == Kind.AddAnchor) _addAnchor(id, change.account);
            else if (kind == Kind.RemoveAnchor) _removeAnchor(id, change.account);
            else _endKey(id, true);
        }
        // Whatever changed the members or the guardians, enough of both are left, or it is not carried.
        if (change.quorum != 0) _setQuorum(change.quorum, change.pauseQuorum);
        else _checkQuorum(_rules.quorum, _rules.pauseQuorum);
        settle();
    }

    // ------------------------------------------------------------ an organisation's own keys

    /// @inheritdoc IConsortium
    function rotateKey(bytes32 key, uint64 fromSize) external {
        (bytes32 caller,) = _caller(Kind.Admit);
        Key[] storage history = _keys[caller];
        uint256 count = history.length;
        if (count != 0 && history[count - 1].key == key && history[count - 1].fromSize == fromSize) return;
        (uint64 anchored,) = ICheckpointRegistry(_rules.registry).head();
        if (fromSize <= anchored) revert ConsortiumKeyTooEarly(fromSize, anchored + 1);
        _changing();
        _registerKey(caller, key, fromSize);
    }

    /// @inheritdoc IConsortium
    function revokeKey() external {
        (bytes32 caller,) = _caller(Kind.Admit);
        _changing();
        _endKey(caller, true);
    }

    /// @inheritdoc IConsortium
    function moveAccount(address account) external {
        (bytes32 caller,) = _caller(Kind.Admit);
        if (account == address(0)) revert ConsortiumMisshapen();
        _changing();
        _setAccount(caller, _organisations[caller], account);
    }

    /// @inheritdoc IConsortium
    function dropAnchor(address account) external {
        (bytes32 caller,) = _caller(Kind.Admit);
        if (_anchorsFor[account] != caller) return;
        _changing();
        _removeAnchor(caller, account);
    }

    /// @inheritdoc IConsortium
    function settle() public {
        if (!governs()) return;
        IAccessControl registry = IAccessControl(_rules.registry);
        bool paused = _rules.paused;
        for (uint256 i = 0; i < _anchors.length; i++) {
            address account = _anchors[i];
            bool may = !paused && _organisations[_anchorsFor[account]].roles & ANCHOR != 0;
            if (may == registry.hasRole(ANCHOR_ROLE, account)) continue;
            if (may) registry.grantRole(ANCHOR_ROLE, account);
            else registry.revokeRole(ANCHOR_ROLE, account);
        }
    }

    // ------------------------------------------------------------ what changes, one thing each

    function _admit(bytes32 id, address account, uint8 roles) private {
        if (_organisations[id].present) revert ConsortiumTaken(id);
        uint256 number = _ids.length;
        if (number == MOST_ADMISSIONS) revert ConsortiumFull();
        _ids.push(id);
        _members |= 1 << number;
        _organisations[id] = Organisation(address(0), uint8(number), 0, true);
        _take(id, account);
        _organisations[id].account = account;
        _give(id, roles);
        emit OrganisationAdmitted(id, account, roles, uint8(number));
    }

    function _remove(bytes32 id, Organisation storage one) private {
        _members &= ~(1 << uint256(one.number));
        _give(id, 0);
        delete _decides[one.account];
        one.account = address(0);
        one.present = false;
        for (uint256 i = _anchors.length; i > 0; i--) {
            if (_anchorsFor[_anchors[i - 1]] == id) _removeAnchor(id, _anchors[i - 1]);
        }
        _endKey(id, false);
        emit OrganisationRemoved(id);
    }

    function _setRoles(bytes32 id, Organisation storage one, uint8 roles) private {
        if (one.roles == roles) return;
        _give(id, roles);
        emit RolesSet(id, roles);
    }

    function _give(bytes32 id, uint8 roles) private {
        Organisation storage one = _organisations[id];
        one.roles = roles;
        uint256 bit = 1 << uint256(one.number);
        _guardians = roles & GUARDIAN == 0 ? _guardians & ~bit : _guardians | bit;
    }

    function _setAccount(bytes32 id, Organisation storage one, address account) private {
        if (one.account == account) return;
        delete _decides[one.account];
        _take(id, account);
        one.account = account;
        emit AccountSet(id, account);
    }

    function _take(bytes32 id, address account) private {
        if (_decides[account] != 0) revert ConsortiumTaken(bytes32(uint256(uint160(account))));
        _decides[account] = id;
    }

    function _addAnchor(bytes32 id, address account) private {
        if (_anchorsFor[account] != 0) revert ConsortiumTaken(bytes32(uint256(uint160(account))));
        if (_anchors.length == MOST_ANCHORS) revert ConsortiumFull();
        _anchors.push(account);
        _anchorsFor[account] = id;
        emit AnchorAdded(id, account);
    }

    /// @dev Also of an account that nobody anchors by here: one that the registry knows from before.
    function _removeAnchor(bytes32 id, address account) private {
        bytes32 owner = _anchorsFor[account];
        if (owner != 0 && owner != id) revert ConsortiumTaken(bytes32(uint256(uint160(account))));
        if (owner != 0) {
            delete _anchorsFor[account];
            uint256 last = _anchors.length - 1;
            for (uint256 i = 0; i < last; i++) {
                if (_anchors[i] == account) _anchors[i] = _anchors[last];
            }
            _anchors.pop();
        }
        if (governs()) IAccessControl(_rules.registry).revokeRole(ANCHOR_ROLE, account);
        emit AnchorRemoved(id, account);
    }

    function _registerKey(bytes32 id, bytes32 key, uint64 fromSize) private {
        if (key == 0 || _keyKnown[key]) revert ConsortiumTaken(key);
        Key[] storage history = _keys[id];
        uint256 count = history.length;
        if (count != 0) {
            Key storage before = history[count - 1];
            bool ended = before.untilSize != type(uint64).max;
            uint64 least = ended ? before.untilSize : before.fromSize + 1;
            if (fromSize < least) revert ConsortiumKeyTooEarly(fromSize, least);
            if (!ended) {
                before.untilSize = fromSize;
                emit KeyEnded(id, before.key, fromSize, false);
            }
        }
        _keyKnown[key] = true;
        history.push(Key(key, fromSize, type(uint64).max, uint64(block.number), false));
        emit KeyRegistered(id, key, fromSize);
    }

    /// @dev What it signed up to the registry's head stands: that was anchored before.
    function _endKey(bytes32 id, bool revoked) private {
        Key[] storage history = _keys[id];
        uint256 count = history.length;
        if (count == 0 || history[count - 1].untilSize != type(uint64).max) {
            if (revoked) revert ConsortiumNoKey(id);
            return;
        }
        Key storage last = history[count - 1];
        (uint64 anchored,) = ICheckpointRegistry(_rules.registry).head();
        last.untilSize = anchored + 1 > last.fromSize ? anchored + 1 : last.fromSize;
        last.revoked = revoked;
        emit KeyEnded(id, last.key, last.untilSize, revoked);
    }

    function _setQuorum(uint8 quorum, uint8 pauseQuorum) private {
        _checkQuorum(quorum, pauseQuorum);
        if (_rules.quorum == quorum && _rules.pauseQuorum == pauseQuorum) return;
        (_rules.quorum, _rules.pauseQuorum) = (quorum, pauseQuorum);
        emit QuorumSet(quorum, pauseQuorum);
    }

    /// @dev More than half decide, so that no two halves decide against each other; guardians enough to pause are there.
    function _checkQuorum(uint8 quorum, uint8 pauseQuorum) private view {
        uint256 members = _count(_members);
        bool holds = 2 * uint256(quorum) > members && quorum <= members && pauseQuorum != 0 && pauseQuorum <= quorum
            && pauseQuorum <= _count(_guardians);
        if (!holds) revert ConsortiumQuorum(quorum, pauseQuorum);
    }

    function _checkShape(Change calldata change) private pure {
        uint256 uses = USES >> (4 * uint256(change.kind));
        bool fits = (change.organisation != 0) == (uses & 1 != 0) && (change.account != address(0)) == (uses & 2 != 0)
            && change.roles <= (uses & 4 != 0 ? EVERY_ROLE : 0) && (change.quorum != 0) == (uses & 8 != 0)
            && (change.pauseQuorum != 0) == (uses & 8 != 0);
        if (!fits) revert ConsortiumMisshapen();
    }

    // ------------------------------------------------------------ who and how many

    function _caller(Kind kind) private view returns (bytes32 id, uint256 bit) {
        id = _decides[msg.sender];
        if (id == 0) revert ConsortiumNotOrganisation(msg.sender);
        bit = 1 << uint256(_organisations[id].number);
        if (kind == Kind.Pause && _guardians & bit == 0) revert ConsortiumNotGuardian(id);
    }

    function _present(bytes32 id) private view returns (Organisation storage one) {
        one = _organisations[id];
        if (!one.present) revert ConsortiumUnknown(id);
    }

    function _standing(Proposal storage open) private view returns (uint256 counting, uint256 needed) {
        bool pausing = open.change.kind == Kind.Pause;
        counting = _count(open.approvals & (pausing ? _guardians : _members));
        needed = pausing ? _rules.pauseQuorum : _rules.quorum;
    }

    function _count(uint256 bits) private pure returns (uint256 ones) {
        for (; bits != 0; bits &= bits - 1) ones++;
    }

    function _changing() private {
        if (_rules.changed == block.number) return;
        emit ChangedBefore(_rules.changed);
        _rules.changed = uint64(block.number);
    }

    // ------------------------------------------------------------ reading

    /// @inheritdoc IConsortium
    function governs() public view returns (bool) {
        return IAccessControl(_rules.registry).hasRole(ADMIN_ROLE, address(this));
    }

    /// @inheritdoc IConsortium
    function rules() external view returns (address, uint8, uint8, bool, uint64, uint256) {
        Rules memory now_ = _rules;
        return (now_.registry, now_.quorum, now_.pauseQuorum, now_.paused, now_.changed, _members);
    }

    /// @inheritdoc IConsortium
    function organisations() external view returns (bytes32[] memory) {
        return _ids;
    }

    /// @inheritdoc IConsortium
    function organisation(bytes32 id) external view returns (Organisation memory) {
        return _organisations[id];
    }

    /// @inheritdoc IConsortium
    function anchors() external view returns (address[] memory accounts, bytes32[] memory ids) {
        accounts = _anchors;
        ids = new bytes32[](accounts.length);
        for (uint256 i = 0; i < accounts.length; i++) ids[i] = _anchorsFor[accounts[i]];
    }

    /// @inheritdoc IConsortium
    function keys(bytes32 id) external view returns (Key[] memory) {
        return _keys[id];
    }

    /// @inheritdoc IConsortium
    function keyFor(bytes32 id, uint64 size) external view returns (bytes32) {
        Key[] storage history = _keys[id];
        for (uint256 i = history.length; i > 0; i--) {
            Key storage one = history[i - 1];
            if (one.fromSize <= size) {
                if (size < one.untilSize) return one.key;
                break;
            }
        }
        revert ConsortiumNoKey(id);
    }

    /// @inheritdoc IConsortium
    function proposal(bytes32 id)
        external
        view
        returns (Change memory change, uint256 approvals, uint64 expires, bool carried, uint256 counting, uint256 needed)
    {
        Proposal storage open = _proposals[id];
        if (open.expires == 0) revert ConsortiumNoProposal(id);
        (counting, needed) = _standing(open);
        (change, approvals, expires, carried) = (open.change, open.approvals, open.expires, open.carried);
    }
}
