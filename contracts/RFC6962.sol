// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Merkle tree proofs of RFC 6962 and RFC 9162 section 2.1, SHA-256
/// @notice Strict verifiers: a proof of any other length than the sizes ask for does not hold.
library RFC6962 {
    /// @notice Whether the tree (size2, root2) starts with all entries of the tree (size1, root1).
    /// @dev RFC 9162 section 2.1.4.2. Size 0 never holds here: what extends the empty log is the caller's rule.
    function consistent(uint64 size1, bytes32 root1, uint64 size2, bytes32 root2, bytes32[] calldata proof)
        internal
        view
        returns (bool)
    {
        if (size1 == 0 || size1 > size2) return false;
        if (size1 == size2) return proof.length == 0 && root1 == root2;
        if (proof.length == 0) return false;
        uint256 last1 = uint256(size1) - 1;
        uint256 last2 = uint256(size2) - 1;
        while (last1 & 1 == 1) {
            last1 >>= 1;
            last2 >>= 1;
        }
        // A complete old tree is itself a node of the new one, and the proof leaves it out.
        uint256 used = size1 & (size1 - 1) == 0 ? 0 : 1;
        bytes32 seed = used == 0 ? root1 : proof[0];
        (bytes32 old, bytes32 whole, bool exact) = _climb(last1, last2, seed, proof, used);
        return exact && old == root1 && whole == root2;
    }

    /// @notice Whether `leafHash` is entry number `index` of the tree (size, root).
    /// @dev RFC 9162 section 2.1.3.2.
    function included(bytes32 leafHash, uint64 index, uint64 size, bytes32 root, bytes32[] calldata proof)
        internal
        view
        returns (bool)
    {
        if (index >= size) return false;
        (, bytes32 whole, bool exact) = _climb(index, uint256(size) - 1, leafHash, proof, 0);
        return exact && whole == root;
    }

    /// @dev From one node up to the root, and both kinds of proof are this walk. `node` is the position of the seed on
    /// its level, `last` that of the level's last node. Two hashes are carried: `whole` takes every sibling, `old` only
    /// left ones, so that it is the root of the tree that ended with the seed.
    ///
    /// Below the last node a sibling stands on every level. On the right edge (node == last) it stands only to the left
    /// of odd nodes; an even last node is lifted as it is. At most 64 levels, so the walk needs no bound of its own:
    /// reads past the proof give some hash, and `exact` says in the end whether the proof had just as many as were read.
    /// @param used Number of hashes of the proof already spent.
    function _climb(uint256 node, uint256 last, bytes32 seed, bytes32[] calldata proof, uint256 used)
        private
        view
        returns (bytes32 old, bytes32 whole, bool exact)
    {
        assembly ("memory-safe") {
            // 65 bytes of free memory, never allocated: the prefix of an inner node, its left and its right child.
            let buffer := mload(0x40)
            let left := add(buffer, 0x01)
            let right := add(buffer, 0x21)
            mstore8(buffer, 0x01)

            let next := add(proof.offset, shl(5, used))
            old := seed
            whole := seed
            exact := 1
            for {} last {} {
                switch or(and(node, 1), eq(node, last))
                case 0 {
                    mstore(left, whole)
                    mstore(right, calldataload(next))
                    next := add(next, 0x20)
                    // The precompile at address 2 is SHA-256.
                    exact := and(exact, staticcall(gas(), 0x02, buffer, 0x41, 0x00, 0x20))
                    whole := mload(0x00)
                }
                default {
                    if and(node, 1) {
                        mstore(left, calldataload(next))
                        next := add(next, 0x20)
                        mstore(right, old)
                        exact := and(exact, staticcall(gas(), 0x02, buffer, 0x41, 0x00, 0x20))
                        old := mload(0x00)
                        mstore(right, whole)
                        exact := and(exact, staticcall(gas(), 0x02, buffer, 0x41, 0x00, 0x20))
                        whole := mload(0x00)
                    }
                }
                node := shr(1, node)
                last := shr(1, last)
            }
            exact := and(exact, eq(next, add(proof.offset, shl(5, proof.length))))
        }
    }
}
