// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ICheckpointRegistry} from "./ICheckpointRegistry.sol";
import {RFC6962} from "./RFC6962.sol";

/// @title Witness of one append-only log
/// @notice Neither its administrator nor its writers can drop, reorder, fork or rewrite: each checkpoint is proven on
/// chain to extend the last one, and nothing once written can change. There is no way to upgrade or to delete.
contract CheckpointRegistry is ICheckpointRegistry, AccessControl {
    /// @notice Who may anchor.
    bytes32 public constant ANCHOR_ROLE = keccak256("ANCHOR_ROLE");

    /// @dev Two slots a checkpoint, each written once and whole.
    struct Slots {
        bytes32 root;
        // time << 128 | blockNumber << 64 | size
        uint256 stamp;
    }

    /// @dev Ordinal to checkpoint. Sizes grow with ordinals: a size is found by halving and needs no slot of its own.
    mapping(uint256 ordinal => Slots) private _checkpoints;

    /// @dev count << 64 | size of the last checkpoint: one read and one write an anchor.
    uint256 private _head;

    /// @param admin Grants and revokes roles, and cannot anchor unless it grants itself ANCHOR_ROLE.
    /// @param writer First holder of ANCHOR_ROLE; none when zero.
    constructor(address admin, address writer) {
        if (admin == address(0)) revert CheckpointRegistryNoAdmin();
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        if (writer != address(0)) _grantRole(ANCHOR_ROLE, writer);
    }

    /// @inheritdoc ICheckpointRegistry
    function anchor(uint64 prevSize, bytes32 prevRoot, uint64 size, bytes32 root, bytes32[] calldata proof)
        external
        onlyRole(ANCHOR_ROLE)
    {
        (uint256 ordinal, uint64 headSize) = _last();
        bytes32 headRoot = _rootBefore(ordinal);

        if (size == headSize && root == headRoot) return;
        if (prevSize != headSize || prevRoot != headRoot) revert CheckpointRegistryHeadMoved(headSize, headRoot);
        if (size <= headSize) revert CheckpointRegistryNotGrowing(headSize, size);
        bool extends_ = headSize == 0 ? proof.length == 0 : RFC6962.consistent(headSize, headRoot, size, root, proof);
        if (!extends_) revert CheckpointRegistryInconsistent(headSize, size);

        Slots storage slots = _checkpoints[ordinal];
        slots.root = root;
        slots.stamp = (block.timestamp << 128) | (block.number << 64) | size;
        _head = ((ordinal + 1) << 64) | size;
        emit CheckpointAnchored(size, root);
    }

    /// @inheritdoc ICheckpointRegistry
    function head() external view returns (uint64 size, bytes32 root) {
        uint256 ordinals;
        (ordinals, size) = _last();
        root = _rootBefore(ordinals);
    }

    /// @inheritdoc ICheckpointRegistry
    function count() external view returns (uint64) {
        return uint64(_head >> 64);
    }

    /// @inheritdoc ICheckpointRegistry
    function checkpointAt(uint64 ordinal) external view returns (Checkpoint memory) {
        if (ordinal >= _head >> 64) revert CheckpointRegistryUnknownOrdinal(ordinal);
        return _read(_checkpoints[ordinal]);
    }

    /// @inheritdoc ICheckpointRegistry
    function checkpointOfSize(uint64 size) external view returns (Checkpoint memory) {
        return _read(_ofSize(size));
    }

    /// @inheritdoc ICheckpointRegistry
    function verifyInclusion(bytes32 leafHash, uint64 index, uint64 size, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        return RFC6962.included(leafHash, index, size, _ofSize(size).root, proof);
    }

    function _last() private view returns (uint256 ordinals, uint64 size) {
        uint256 packed = _head;
        return (packed >> 64, uint64(packed));
    }

    function _rootBefore(uint256 ordinal) private view returns (bytes32) {
        return ordinal == 0 ? bytes32(0) : _checkpoints[ordinal - 1].root;
    }

    function _ofSize(uint64 size) private view returns (Slots storage) {
        uint256 low = 0;
        (uint256 high, uint64 headSize) = _last();
        if (size == 0 || size > headSize) revert CheckpointRegistryUnknownSize(size);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (uint64(_checkpoints[middle].stamp) < size) low = middle + 1;
            else high = middle;
        }
        if (uint64(_checkpoints[low].stamp) != size) revert CheckpointRegistryUnknownSize(size);
        return _checkpoints[low];
    }

    function _read(Slots storage slots) private view returns (Checkpoint memory) {
        uint256 stamp = slots.stamp;
        return Checkpoint(slots.root, uint64(stamp), uint64(stamp >> 64), uint64(stamp >> 128));
    }
}
