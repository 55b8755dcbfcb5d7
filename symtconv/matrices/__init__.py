"""The matrices of a layer: symbolic, sparse, matrix-free, the unfold matrix, and the factors of C."""
