// The element of a rank, without sorting all the others.

extension [Float] {
  /// Moves elements until the one at `rank` is that which sorting would put there, with none larger before it and none
  /// smaller after it, and returns it.
  ///
  /// - Parameters:
  ///   - rank: a place in `bounds`.
  ///   - bounds: the part of the array that counts; it holds no NaN.
  /// - Complexity: O(n) on average; sorting takes O(n log n).
  /// - Source: Hoare 1961, Communications of the ACM 4, "Algorithm 65: Find".
  mutating func select(_ rank: Int, in bounds: Range<Int>) -> Float {
    var (low, high) = (bounds.lowerBound, bounds.upperBound - 1)
    while low < high {
      let pivot = [self[low], self[(low + high) / 2], self[high]].sorted()[1]
      var (i, j) = (low, high)
      while i <= j {
        while self[i] < pivot { i += 1 }
        while self[j] > pivot { j -= 1 }
        if i <= j {
          swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      // What lies between the two equals the pivot.
      if rank <= j { high = j } else if rank >= i { low = i } else { break }
    }
    return self[rank]
  }
}
