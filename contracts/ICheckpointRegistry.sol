// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Witness of one append-only log
/// @notice Keeps every checkpoint (size, root) of an RFC 6962 log that it was shown to extend the one before.
interface ICheckpointRegistry {
    /// @notice One checkpoint as the chain recorded it.
    /// @param root Merkle tree hash of the first `size` entries.
    /// @param size Number of entries, at least 1.
    /// @param blockNumber Block that recorded it.
    /// @param time Time of that block, seconds since the Unix epoch.
    struct Checkpoint {
        bytes32 root;
        uint64 size;
        uint64 blockNumber;
        uint64 time;
    }

    /// @notice A checkpoint became the head. What it replaced is the checkpoint one ordinal before.
    event CheckpointAnchored(uint64 indexed size, bytes32 indexed root);

    /// @notice The caller builds on a head that is not the present one.
    error CheckpointRegistryHeadMoved(uint64 headSize, bytes32 headRoot);

    /// @notice A new checkpoint must hold more entries than the head.
    error CheckpointRegistryNotGrowing(uint64 headSize, uint64 size);

    /// @notice The proof does not show that the new checkpoint extends the head.
    error CheckpointRegistryInconsistent(uint64 headSize, uint64 size);

    /// @notice No checkpoint of this size was anchored.
    error CheckpointRegistryUnknownSize(uint64 size);

    /// @notice There are fewer checkpoints than that; ordinals count from 0.
    error CheckpointRegistryUnknownOrdinal(uint64 ordinal);

    /// @notice A registry without an administrator could never be written.
    error CheckpointRegistryNoAdmin();

    /// @notice Replace the head (prevSize, prevRoot) by (size, root). Only for holders of ANCHOR_ROLE.
    /// @dev An equal repeat of the present head changes nothing, emits nothing and does not revert: a sender that lost
    /// the answer may send the same bytes again. Every other conflict reverts.
    /// @param prevSize Size of the present head, 0 before the first checkpoint.
    /// @param prevRoot Root of the present head, 0 before the first checkpoint.
    /// @param size Number of entries of the new checkpoint, more than prevSize.
    /// @param root Root of the new checkpoint.
    /// @param proof RFC 9162 section 2.1.4 consistency proof from prevSize to size; empty from size 0.
    function anchor(uint64 prevSize, bytes32 prevRoot, uint64 size, bytes32 root, bytes32[] calldata proof) external;

    /// @notice The last checkpoint; (0, 0) before the first.
    function head() external view returns (uint64 size, bytes32 root);

    /// @notice Number of checkpoints.
    function count() external view returns (uint64);

    /// @notice The checkpoint that was anchored as number `ordinal`, counting from 0.
    function checkpointAt(uint64 ordinal) external view returns (Checkpoint memory);

    /// @notice The checkpoint of exactly `size` entries.
    function checkpointOfSize(uint64 size) external view returns (Checkpoint memory);

    /// @notice Whether `leafHash` is entry number `index` (from 0) under the anchored checkpoint of `size` entries.
    /// @param leafHash SHA-256 of 0x00 and the leaf input.
    /// @param proof RFC 9162 section 2.1.3 inclusion proof, from the leaf up.
    function verifyInclusion(bytes32 leafHash, uint64 index, uint64 size, bytes32[] calldata proof)
        external
        view
        returns (bool);
}
