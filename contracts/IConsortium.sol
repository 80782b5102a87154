// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The organisations behind one checkpoint registry
/// @notice Who may anchor, who witnesses, who may pause, and with which keys their checkpoints are signed. It has no owner:
/// what it holds changes by a quorum of the organisations, or by an organisation where only its own keys are concerned.
/// Organisations are known by SHA-256 of their public names; nothing else about them is on chain.
interface IConsortium {
    /// @notice What a quorum decides. Appended to, never reordered.
    enum Kind {
        Admit,
        Remove,
        SetRoles,
        SetAccount,
        AddAnchor,
        RemoveAnchor,
        RevokeKey,
        SetQuorum,
        Pause,
        Unpause
    }

    /// @notice One decision. Fields that its kind does not use are zero, so that equal decisions are equal bytes.
    /// @param organisation Whom it is about; zero for SetQuorum, Pause, Unpause.
    /// @param account Account that decides for it (Admit, SetAccount) or anchors for it (AddAnchor, RemoveAnchor).
    /// @param kind What is decided.
    /// @param roles Sum of ANCHOR 1, WITNESS 2, GUARDIAN 4 (Admit, SetRoles).
    /// @param quorum Organisations that decide from then on (Admit, Remove, SetQuorum); more than half of them.
    /// @param pauseQuorum Guardians that pause from then on (Admit, Remove, SetQuorum).
    struct Change {
        bytes32 organisation;
        address account;
        Kind kind;
        uint8 roles;
        uint8 quorum;
        uint8 pauseQuorum;
    }

    /// @notice An organisation of the first hour, as the constructor takes it.
    /// @param id SHA-256 of its public name.
    /// @param account Account that decides for it.
    /// @param roles As in Change.
    /// @param anchor Account that anchors for it; none when zero.
    /// @param key Ed25519 public key that signs its checkpoints or cosignatures; none when zero.
    /// @param fromSize First size that the key signs.
    struct Founder {
        bytes32 id;
        address account;
        uint8 roles;
        address anchor;
        bytes32 key;
        uint64 fromSize;
    }

    /// @notice An organisation as it stands.
    /// @param account Account that decides for it; zero once it was removed.
    /// @param number Its place in approvals, counted from 0 and never used again.
    /// @param roles As in Change.
    /// @param present Whether it decides.
    struct Organisation {
        address account;
        uint8 number;
        uint8 roles;
        bool present;
    }

    /// @notice A checkpoint key and the sizes it was in force for: fromSize <= size < untilSize.
    /// @param key Ed25519 public key.
    /// @param fromSize First size.
    /// @param untilSize First size it does not sign any more; the largest uint64 while it is in force.
    /// @param blockNumber Block that registered it.
    /// @param revoked Whether it ended because it could no longer be trusted. What was anchored before stands.
    struct Key {
        bytes32 key;
        uint64 fromSize;
        uint64 untilSize;
        uint64 blockNumber;
        bool revoked;
    }

    event OrganisationAdmitted(bytes32 indexed organisation, address account, uint8 roles, uint8 number);
    event OrganisationRemoved(bytes32 indexed organisation);
    event RolesSet(bytes32 indexed organisation, uint8 roles);
    event AccountSet(bytes32 indexed organisation, address account);
    event AnchorAdded(bytes32 indexed organisation, address account);
    event AnchorRemoved(bytes32 indexed organisation, address account);
    event KeyRegistered(bytes32 indexed organisation, bytes32 key, uint64 fromSize);
    event KeyEnded(bytes32 indexed organisation, bytes32 key, uint64 untilSize, bool revoked);
    event QuorumSet(uint8 quorum, uint8 pauseQuorum);
    event Paused();
    event Unpaused();
    /// @notice A decision was put to the organisations; who did has approved it.
    event Proposed(bytes32 indexed proposal, bytes32 indexed organisation, Change change, uint64 expires);
    event Approved(bytes32 indexed proposal, bytes32 indexed organisation);
    event ApprovalWithdrawn(bytes32 indexed proposal, bytes32 indexed organisation);
    event Carried(bytes32 indexed proposal);
    /// @notice First in every block with events of this contract: the block before it that has some, 0 for none. Whoever
    /// follows it back from changedAt() reads the whole history and no other block.
    event ChangedBefore(uint64 blockNumber);

    error ConsortiumNotOrganisation(address account);
    error ConsortiumNotGuardian(bytes32 organisation);
    error ConsortiumMisshapen();
    error ConsortiumUnknown(bytes32 organisation);
    error ConsortiumTaken(bytes32 what);
    error ConsortiumFull();
    error ConsortiumQuorum(uint8 quorum, uint8 pauseQuorum);
    error ConsortiumNoProposal(bytes32 proposal);
    error ConsortiumExpired(bytes32 proposal);
    error ConsortiumKeyTooEarly(uint64 fromSize, uint64 least);
    error ConsortiumNoKey(bytes32 organisation);

    /// @notice Put a decision to the organisations, with the caller's approval; where it is open already, approve it.
    function propose(Change calldata change) external returns (bytes32 proposal);

    /// @notice Approve; carried at once when enough have. Again: no effect.
    function approve(bytes32 proposal) external;

    /// @notice Take the own approval of an open decision back.
    function withdraw(bytes32 proposal) external;

    /// @notice The caller's organisation signs checkpoints from `fromSize` on by another key. The earlier key stays on record
    /// for the sizes it was in force for. `fromSize` lies beyond what is anchored. Again: no effect.
    function rotateKey(bytes32 key, uint64 fromSize) external;

    /// @notice The caller's organisation has lost its key: it vouches for nothing beyond what is anchored now.
    function revokeKey() external;

    /// @notice The caller's organisation decides by another account from now on.
    function moveAccount(address account) external;

    /// @notice The caller's organisation no longer anchors by this account.
    function dropAnchor(address account) external;

    /// @notice Bring the registry's ANCHOR_ROLE in line with what is decided. By anybody; every change does it.
    function settle() external;

    /// @notice Whether the registry takes this contract's word: without it nothing decided here has effect there.
    function governs() external view returns (bool);

    /// @notice Everything that is not about one organisation.
    function rules()
        external
        view
        returns (address registry, uint8 quorum, uint8 pauseQuorum, bool paused, uint64 changed, uint256 members);

    /// @notice Every organisation that was ever admitted, by number.
    function organisations() external view returns (bytes32[] memory);

    function organisation(bytes32 id) external view returns (Organisation memory);

    /// @notice Accounts that anchor, each with its organisation.
    function anchors() external view returns (address[] memory accounts, bytes32[] memory ids);

    /// @notice Every key an organisation ever had, oldest first.
    function keys(bytes32 id) external view returns (Key[] memory);

    /// @notice The key of an organisation that was in force for a size. Reverts with ConsortiumNoKey.
    function keyFor(bytes32 id, uint64 size) external view returns (bytes32);

    /// @notice A decision, who approved it by number, and how many of those count now of how many it needs.
    function proposal(bytes32 id)
        external
        view
        returns (Change memory change, uint256 approvals, uint64 expires, bool carried, uint256 counting, uint256 needed);
}
