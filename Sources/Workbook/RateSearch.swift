// The best of many learning rates, found without trying all of them.

/// The rates to try next in a search for the one with the fewest errors.
///
/// First those of `start`, at once; then one neighbour of the best rate so far, until worse ones lie on both sides of it or
/// the list ends.
///
/// - Parameters:
///   - grid: the rates that may be tried, the smallest first, each well apart from the one before.
///   - start: the places in `grid` to begin with; those outside of it are left out.
///   - tried: what was tried so far, in any order; of equal errors the smaller rate counts as the better one.
/// - Returns: the rates; none where the search is over.
public func ratesToTry<Rate: BinaryFloatingPoint>(
  of grid: [Rate], from start: Range<Int>, tried: [(rate: Rate, error: Double)]
) -> [Rate] {
  func isTried(_ rate: Rate) -> Bool { tried.contains { abs($0.rate / rate - 1) < 1e-3 } }
  let first = grid[start.clamped(to: grid.indices)].filter { !isTried($0) }
  guard first.isEmpty, let best = tried.min(by: { ($0.error, $0.rate) < ($1.error, $1.rate) }),
    let place = grid.firstIndex(where: { abs($0 / best.rate - 1) < 1e-3 })
  else { return first }
  return [place - 1, place + 1].first { grid.indices.contains($0) && !isTried(grid[$0]) }.map { [grid[$0]] } ?? []
}
